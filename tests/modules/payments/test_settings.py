"""The account that people pay to."""

from guildhall.core.config import ModuleSettings


def test_the_account_is_set_on_the_generated_page(visit, make_person, session):
    admin = visit().sign_in(make_person(roles=("admin",)))
    values = {"bank_account_name": "苏州商会", "bank_account_number": "3200 1988", "bank_name": "建设银行"}
    assert admin.post("/admin/settings/payments", values).status_code in {302, 303}
    assert ModuleSettings(session, "payments").get("bank_account_name") == "苏州商会"
    assert "3200 1988" in admin.get("/admin/settings/payments").text


def test_members_cannot(visit, make_person):
    assert visit().sign_in(make_person()).get("/admin/settings/payments").status_code == 403
