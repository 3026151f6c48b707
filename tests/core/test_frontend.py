"""The front end as it is built and linked: hashed files, icons, no addresses, nothing inline."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect

from guildhall.core.i18n import init_i18n
from guildhall.core.web.assets import DIST, AssetMissingError, asset_url, icon, icon_names
from guildhall.core.web.ui import register_ui
from guildhall.core.web.view import Brand

ROOT = Path(__file__).parents[2]
TEMPLATES = [path for top in ("platform", "tenants", "billing", "modules") for path in (ROOT / top).rglob("*.html")]
PAGES = [path for path in TEMPLATES if "mail" not in path.name and path.parent.name != "mail"]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.secret_key = "only for these tests"
    CSRFProtect(app)
    init_i18n(app, ["guildhall.core"], lambda: "zh_Hans", lambda: "Asia/Shanghai")
    register_ui(app)
    app.add_url_rule("/leave", view_func=lambda: ("", 302, {"Location": "/there"}))
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_lockfile_names_no_address() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    assert lock["packages"]
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert [name for name, entry in lock["packages"].items() if name and not entry.get("integrity")] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_has_inline_styles_or_scripts(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)|x-show", text) == []


def test_every_icon_that_a_template_names_is_built() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r"icon\('([\w-]+)'[,)]", path.read_text())}
    assert named
    assert named - icon_names() == set()


def test_built_files_are_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset_url("app.css")
    with client.get(address) as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/-/static/../manifest.json").status_code == 404


def test_no_font_or_picture_comes_from_elsewhere() -> None:
    css = next((DIST / "assets").glob("app-*.css")).read_text()
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", css) == []


def test_an_unknown_icon_or_file_is_an_error(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(AssetMissingError):
            icon("unheard-of")
        with pytest.raises(AssetMissingError):
            asset_url("unheard-of.css")


def test_the_brand_is_a_stylesheet_of_its_own(client: FlaskClient) -> None:
    response = client.get("/-/brand/0e6b57.css")
    assert response.mimetype == "text/css"
    assert "--brand:#0e6b57" in response.text
    assert client.get("/-/brand/0e6b57.css", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert client.get("/-/brand/red.css").status_code == 404


def test_htmx_is_sent_elsewhere_as_a_whole_page(client: FlaskClient) -> None:
    assert client.get("/leave").status_code == 302
    response = client.get("/leave", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/there")


def test_formats_follow_the_reader(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ 120000 | money('CNY') }}") == "¥1,200.00"
        assert render_template_string("{{ 1200 | money('JPY') }}") == "JP¥1,200"
        assert render_template_string("{{ 186400000 | money('CNY', whole=true) }}") == "¥1,864,000"
        assert render_template_string("{{ none | money('CNY') }}") == "–"


def test_a_mail_carries_the_brand_in_words_and_colour(app: Flask) -> None:
    source = """{% extends 'layouts/mail.html' %}{% from 'ui/mail.html' import button, code %}
        {% block content %}{{ code('482 915') }}
        {{ button('https://a.example/b?c=1&d=2', 'Go', light_shades(brand.colour)) }}{% endblock %}"""
    with app.test_request_context():
        html = render_template_string(
            source, brand=Brand("江畔商会", colour="#0e6b57"), locale="zh_Hans", footer_lines=["为什么收到"]
        )
    assert 'lang="zh-Hans"' in html
    assert "background:#0e6b57" in html
    assert "https://a.example/b?c=1&amp;d=2" in html
    assert "<script" not in html
    assert "<link" not in html
