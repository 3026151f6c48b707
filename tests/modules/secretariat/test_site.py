"""The public side: home page, legal texts, and what makes a house an app."""

import io

import pytest
from PIL import Image

from guildhall.server.demo.houses import HOUSES
from modules.accounts.public import DocumentKind, publish_document


def as_shown(visit, make_tenant, **profile):
    house = make_tenant(**profile)
    return house, visit(house.host)


@pytest.mark.parametrize("association", HOUSES, ids=lambda a: a.slug)
def test_a_new_house_has_a_usable_home_page(visit, make_tenant, association):
    profile = association.profile
    given = {key: getattr(profile, key) for key in ("locale", "introduction", "contact_phone", "contact_email", "icp")}
    _house, visitor = as_shown(visit, make_tenant, name=profile.name, **given)
    page = visitor.soup("/")
    assert page.h1.text == profile.name
    assert page.select_one(f'a[href="mailto:{profile.contact_email}"]')
    assert page.select_one('a[href="/me"]')
    assert page.html["lang"] == profile.locale.replace("_", "-")
    assert profile.icp in page.select_one("footer").text


def test_an_unchanged_home_page_is_not_sent_again(visit):
    first = visit().get("/")
    assert visit().get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_home_page_needs_no_session(visit):
    assert "Set-Cookie" not in visit().get("/").headers


def test_legal_texts_in_both_languages(visit, make_tenant):
    _house, visitor = as_shown(visit, make_tenant, name="苏州市茶业商会")
    for path in ("/privacy", "/terms"):
        chinese = visitor.get(path, headers={"Accept-Language": "zh-CN"}).text
        english = visitor.get(path, headers={"Accept-Language": "en"}).text
        assert "苏州市茶业商会" in chinese
        assert chinese != english


def test_an_association_s_own_text_runs_no_script(visit, session, tenant):
    publish_document(session, DocumentKind.PRIVACY, "## Ours\n\n<script>x()</script> [a](javascript:x)")
    session.commit()
    article = visit().soup("/privacy").article
    assert article.h2.text == "Ours"
    assert not article.select("script, [href^=javascript]")


def test_manifest_and_icons(visit, make_tenant):
    house, visitor = as_shown(visit, make_tenant, name="苏州市茶业商会", short_name="苏州茶", colour="#1F6F54")
    manifest = visitor.get("/manifest.webmanifest").json
    assert (manifest["name"], manifest["short_name"], manifest["display"]) == (house.name, "苏州茶", "standalone")
    for icon in manifest["icons"]:
        answer = visitor.get(icon["src"])
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        if icon["type"] == "image/png":
            with Image.open(io.BytesIO(answer.data)) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}
    assert visitor.get(manifest["icons"][0]["src"].replace("192", "9999")).status_code == 404


def test_the_service_worker_keeps_assets_and_the_offline_page_alone(visit):
    visitor = visit()
    script = visitor.get("/service-worker.js")
    assert script.mimetype == "text/javascript"
    kept = script.text.split("const KEPT = ")[1].split(";")[0]
    assert "/offline" in kept
    assert "/me" not in kept
    assert "/admin" not in kept
    assert visitor.get("/offline").status_code == 200
