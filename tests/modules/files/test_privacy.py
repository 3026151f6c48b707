"""A person's files."""

from guildhall.core.ids import uuid7
from modules.files.models import File
from modules.files.privacy import erase, export
from modules.files.public import Visibility


def test_given_and_forgotten(session, stored):
    person = uuid7()
    private, shared, others = stored(visibility=Visibility.PRIVATE), stored("b.txt"), stored("c.txt")
    for file in (private, shared):
        file.owner_id = person
    session.commit()
    assert [file["name"] for file in export(session, person)["files"]] == ["章程.txt", "b.txt"]
    assert len(erase(session, person)) == 1
    session.commit()
    assert session.get(File, private.id) is None
    assert session.get(File, shared.id).owner_id is None
    assert session.get(File, others.id) is not None
    assert export(session, person) == {"files": []}
