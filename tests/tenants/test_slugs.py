"""Rules of slugs, for all slugs."""

from hypothesis import given
from hypothesis import strategies as st

from tenants.slugs import LONGEST, RESERVED, is_reserved, is_well_formed, skeleton, suggest

anything = st.text(max_size=80)
well_formed = st.from_regex(r"[a-z][a-z0-9-]{1,38}[a-z0-9]", fullmatch=True).filter(is_well_formed)


@given(anything)
def test_a_well_formed_slug_is_a_dns_label(text):
    if is_well_formed(text):
        assert 3 <= len(text) <= LONGEST
        assert text.isascii()
        assert text == text.lower()
        assert not text.startswith("xn--")
        assert text[0].isalpha()
        assert text[-1].isalnum()


@given(anything, st.sets(st.integers(min_value=0, max_value=6)))
def test_a_suggestion_can_be_used(text, taken_turns):
    asked = []

    def is_free(name):
        asked.append(name)
        return len(asked) - 1 not in taken_turns

    suggestion = suggest(text, is_free)
    assert is_well_formed(suggestion)
    assert not is_reserved(suggestion)


@given(well_formed)
def test_a_slug_is_its_own_look_alike_however_it_is_written(slug):
    assert skeleton(slug) == skeleton(slug.upper()) == skeleton(slug.replace("-", ""))
    assert skeleton(slug) == skeleton(slug.replace("o", "0").replace("l", "1").replace("m", "rn"))


def test_reserved_names_and_their_look_alikes_are_reserved():
    assert all(is_reserved(name) for name in RESERVED)
    assert is_reserved("adm1n")
    assert is_reserved("c0nsole")
    assert not is_reserved("suzhou-tea")
