"""From the public site to a house, without the vendor's hand."""

import re

import pytest

SLUGS = iter(f"trial-{letter}" for letter in "bdfghjkmpqrt")


@pytest.fixture
def site(visit, settings):
    return visit(settings.base_host)


@pytest.fixture
def ask(site, mailbox, run_jobs, runtime):
    """Fill in the form, and follow the link in the mail."""

    def request(slug: str, email: str = "founder@trial.example") -> str:
        given = {
            "name": "宁波港口商会",
            "slug": slug,
            "template": "trade",
            "locale": "zh_Hans",
            "person": "郑海",
            "email": email,
        }
        assert site.post("/trial", given).status_code == 200
        run_jobs(runtime.platform)
        mail = mailbox.wait_for(email)
        return re.search(r"/trial/[\w-]+", mail.text).group(0)

    return request


def test_a_confirmed_request_becomes_a_house(site, ask, visit, process):
    slug = next(SLUGS)
    way = ask(slug)
    assert process.tenants.by_slug(slug) is None, "nothing is made before the address is confirmed"
    assert site.get(way).status_code == 200
    assert process.tenants.by_slug(slug) is None, "looking at the link makes nothing"
    ready = site.post(way, {"slug": slug})
    assert ready.status_code == 200
    assert "宁波港口商会" in visit(f"{slug}.localhost").get("/").text
    assert f"http://{slug}.localhost:8000/invitations/" in ready.text


def test_the_link_makes_one_house(site, ask, process):
    slug = next(SLUGS)
    way = ask(slug)
    site.post(way, {"slug": slug})
    again = site.post(way, {"slug": next(SLUGS)})
    assert again.status_code == 404
    assert len([t for t in process.tenants.all() if t.slug == slug]) == 1


def test_an_address_that_was_taken_meanwhile_can_be_changed(site, ask, process, make_tenant):
    slug = next(SLUGS)
    first, second = ask(slug, "a@trial.example"), ask(slug, "b@trial.example")
    site.post(first, {"slug": slug})
    taken = site.post(second, {"slug": slug})
    assert taken.status_code == 422
    assert 'id="slug-error"' in taken.text
    assert site.post(second, {"slug": next(SLUGS)}).status_code == 200


@pytest.mark.parametrize("slug", ["admin", "x", "-bad-", "xn--80ak6aa92e", "a" * 60])
def test_a_slug_that_cannot_be_is_said_at_the_field(site, slug):
    given = {"name": "N", "slug": slug, "template": "trade", "locale": "en", "person": "P", "email": "p@trial.example"}
    answer = site.post("/trial", given)
    assert answer.status_code == 422
    assert 'id="slug-error"' in answer.text
    assert 'value="P"' in answer.text, "what was entered is kept"


def test_a_made_up_link_is_not_found(site):
    assert site.get("/trial/made-up").status_code == 404


def test_the_product_page_names_the_modules(site, runtime):
    page = site.get("/").text
    assert all(str(module.icon) for module in runtime.registry.modules)
    assert site.get("/").status_code == 200
    assert page.count("<li>") >= len(runtime.registry.modules)
