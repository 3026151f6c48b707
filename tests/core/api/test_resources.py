"""What every resource promises: who may call, what errors look like, and that nobody's change is lost."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from guildhall.core.api.caller import CALLS
from guildhall.core.ratelimit import Limit
from guildhall.core.web.context import HOUSE_KEY


def assert_problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert response.json["code"] == code
    assert response.json["status"] == status
    assert {"type", "title", "detail"} <= response.json.keys()


@pytest.fixture
def caller(make_caller):
    return make_caller()


def test_a_token_opens_what_it_may(make_caller):
    caller = make_caller("accounts:people:view")
    answer = caller.get("/me")
    assert answer.json["permissions"] == ["accounts:people:view"]
    assert caller.get("/people").status_code == 200
    assert_problem(caller.post("/people", {"name": "Li", "email": "li@a.example"}), 403, "forbidden")


def test_without_a_token_there_is_nothing(caller):
    answer = caller.get("/me", headers={"Authorization": ""})
    assert_problem(answer, 401, "sign_in_required")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("shown", ["Bearer ghk_wrong", "Bearer x", "bearer ghk_" + "a" * 5000])
def test_a_wrong_token_is_refused(caller, shown):
    answer = caller.get("/me", headers={"Authorization": shown})
    assert_problem(answer, 401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("shown", ["Basic YTpi", "Bearer", "Bearer ", "nonsense", "Digest a=b"])
def test_another_way_of_authentication_is_none(caller, shown):
    assert caller.get("/me", headers={"Authorization": shown}).status_code == 401


def test_a_cookie_opens_no_api_and_needs_no_form_token(visit, make_person, caller):
    browser = visit().sign_in(make_person(roles=("admin",)))
    assert browser.get("/admin/api/").status_code == 200  # the cookie is good elsewhere
    assert_problem(browser.get("/api/v1/me"), 401, "sign_in_required")
    assert_problem(browser.open("POST", "/api/v1/people", json={}), 401, "sign_in_required")
    assert caller.post("/people", {"name": "Li Na", "email": "li@a.example"}).status_code == 201


def test_a_token_opens_no_page(visit, caller):
    answer = visit().get("/admin/api/", headers={"Authorization": f"Bearer {caller.token}"})
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_a_token_of_one_house_is_nothing_in_another(make_tenant, make_caller, visit):
    elsewhere = make_caller(house=make_tenant(locale="en"))
    answer = visit().get("/api/v1/me", headers={"Authorization": f"Bearer {elsewhere.token}"})
    assert_problem(answer, 401, "invalid_token")


def test_unknown_addresses_and_methods(caller):
    assert_problem(caller.get("/nothing"), 404, "not_found")
    assert_problem(caller.get("/people/not-an-id"), 404, "not_found")
    assert_problem(caller.get("/people/00000000-0000-7000-8000-000000000000"), 404, "not_found")
    answer = caller.open("DELETE", "/people")
    assert_problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_input_that_does_not_fit_says_where(caller):
    answer = caller.post("/people", {"name": "", "email": "li@a.example", "roles": ["king"], "colour": "red"})
    assert_problem(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"name", "roles.0", "colour"}
    assert_problem(caller.get("/people?limit=0"), 422, "invalid")
    assert caller.get("/people?surprise=1").json["errors"] == {"surprise": ["Unknown field."]}
    assert caller.post("/people", {"name": "Li\0", "email": "a@b.example"}).json["errors"].keys() == {"name"}
    taken = {"name": "Li Na", "email": "li@a.example"}
    assert caller.post("/people", taken).status_code == 201
    assert_problem(caller.post("/people", taken), 422, "email_taken")


def test_messages_are_in_the_callers_language(caller):
    answer = caller.post("/people", {}, headers={"Accept-Language": "zh-CN"})
    assert answer.json["errors"]["name"] == ["此项必填。"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"name": NaN', b'"\\ud800'])
def test_a_body_that_cannot_be_read(caller, body):
    answer = caller.open("POST", "/people", data=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, 400, "unreadable")


def test_a_body_that_is_not_json(caller):
    answer = caller.open("POST", "/people", data={"name": "Li"})
    assert_problem(answer, 415, "unsupported_media_type")


def test_a_lone_surrogate_is_not_stored(caller):
    body = b'{"name": "\\ud800", "email": "a@b.example"}'
    answer = caller.open("POST", "/people", data=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, 422, "invalid")


def test_an_etag_saves_the_way(caller):
    made = caller.post("/people", {"name": "Li Na", "email": "li@a.example"})
    path = made.headers["Location"].removeprefix("/api/v1")
    read = caller.get(path)
    assert read.headers["ETag"] == made.headers["ETag"]
    again = caller.get(path, headers={"If-None-Match": read.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_needs_the_state_that_it_changes(caller):
    made = caller.post("/people", {"name": "Li Na", "email": "li@a.example"})
    path, seen = made.headers["Location"].removeprefix("/api/v1"), made.headers["ETag"]
    assert_problem(caller.patch(path, {"name": "Li Xin"}), 428, "precondition_required")
    changed = caller.patch(path, {"name": "Li Xin"}, headers={"If-Match": seen})
    assert (changed.status_code, changed.json["name"], changed.json["email"]) == (200, "Li Xin", "li@a.example")
    late = caller.patch(path, {"name": "Li Bo"}, headers={"If-Match": seen})
    assert_problem(late, 412, "precondition_failed")
    assert caller.get(path).json["name"] == "Li Xin"
    assert caller.patch(path, {"name": "Li Bo"}, headers={"If-Match": changed.headers["ETag"]}).status_code == 200


def test_how_often_a_token_may_call(caller, doors, monkeypatch):
    first = caller.get("/me")
    left = int(first.headers["RateLimit"].partition("r=")[2].partition(";")[0])
    assert first.headers["RateLimit-Policy"] == f'"api";q={CALLS.count};w=60'
    assert left == CALLS.count - 1
    monkeypatch.setattr("guildhall.core.api.caller.CALLS", Limit(CALLS.name, 2, 3600))
    answers = [caller.get("/me") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert_problem(answers[-1], 429, "too_many_requests")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_what_the_association_says_of_itself(caller, tenant):
    association = caller.get("/association").json
    assert (association["name"], association["locale"]) == (tenant.name, "en")
    assert "accounts" in {module["name"] for module in caller.get("/modules").json["data"]}


def test_the_document_and_the_reference(visit):
    document = visit().get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/api/v1/people"]["get"]["x-permissions"] == ["accounts:people:view"]
    soup = visit().soup("/api/v1/docs")
    assert soup.select_one("#get-api-v1-people h3").text.startswith("GET /api/v1/people · List people")
    assert not [s for s in soup.find_all("script") if "//" in s.get("src", "")]
    chinese = visit().get("/api/v1/docs", headers={"Accept-Language": "zh-CN"}).text
    assert "接口文档" in chinese
    assert "列出已启用的模块" in chinese
    assert "List the modules" not in chinese


def test_what_is_off_is_nowhere(doors, tenant, caller):
    """Neither answered nor in the document, though the token is good."""
    less = replace(tenant, modules=tenant.modules - {"accounts"})
    headers = {"Host": tenant.host, "Authorization": f"Bearer {caller.token}"}
    for house, status in ((tenant, 200), (less, 404)):
        client = Client(doors.house)
        environ = {HOUSE_KEY: house}
        assert client.get("/api/v1/people", headers=headers, environ_overrides=environ).status_code == status
        document = client.get("/api/v1/openapi.json", headers=headers, environ_overrides=environ).json
        assert ("/api/v1/people" in document["paths"]) == (house is tenant)
        assert "/api/v1/modules" in document["paths"]


def test_guessing_tokens_is_slowed_down(caller, monkeypatch):
    monkeypatch.setattr("guildhall.core.api.caller.REFUSALS", Limit("api_refusals_test", 2, 3600))
    wrong = {"Authorization": "Bearer ghk_wrong"}
    assert [caller.get("/me", headers=wrong).status_code for _ in range(3)] == [401, 401, 429]
    assert caller.get("/me").status_code == 200
