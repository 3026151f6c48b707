"""Templates: what the association says in its own words."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from guildhall.core.i18n import LOCALES, _
from guildhall.core.messages import MessageKind
from guildhall.core.module import Module
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_house, db_session, runtime
from guildhall.core.web.view import Entry
from modules.messaging.admin import blueprint
from modules.messaging.admin.tabs import tabs
from modules.messaging.forms import TemplateForm
from modules.messaging.labels import CHANNELS
from modules.messaging.permissions import EDIT_WORDS
from modules.messaging.queries import own_templates
from modules.messaging.services.own_words import own_words, product_words, reset_words, set_words
from modules.messaging.words import Words, placeholders, samples


@blueprint.get("/templates")
@allow(EDIT_WORDS)
def templates() -> ResponseReturnValue:
    """Every kind of message, in each language of the association."""
    return render_template(
        "messaging/admin/templates.html",
        groups=[(module.label, module.messages) for module in _modules_with_messages()],
        languages=[(code, LOCALES[code]) for code in current_house().locales],
        changed=own_templates(db_session()),
        channels=CHANNELS,
        tabs=[*tabs()],
    )


@blueprint.route("/templates/<kind>/<locale>", methods=["GET", "POST"])
@allow(EDIT_WORDS)
def template(kind: str, locale: str) -> ResponseReturnValue:
    """Read, try out and change the words of one kind in one language."""
    declared, session = _kind(kind, locale), db_session()
    own = own_words(session, kind, locale)
    words = Words(own.title, own.body) if own else _original(declared, locale)
    form = TemplateForm(title=words.title, body=words.body)
    fits = form.fits(declared)
    if fits and not form.preview.data:
        set_words(session, declared, locale, form.words)
        flash(_("The template has been saved."), "success")
        return redirect(url_for(".template", kind=kind, locale=locale), 303)
    shown = form.words if fits else words
    return _page(declared, locale, form, shown, changed=own is not None), form.status


@blueprint.post("/templates/<kind>/<locale>/reset")
@allow(EDIT_WORDS)
def reset_template(kind: str, locale: str) -> ResponseReturnValue:
    """Go back to the product's words."""
    reset_words(db_session(), _kind(kind, locale), locale)
    flash(_("The original words are used again."), "success")
    return redirect(url_for(".template", kind=kind, locale=locale), 303)


def _page(kind: MessageKind, locale: str, form: TemplateForm, words: Words, *, changed: bool) -> str:
    with force_locale(locale):
        values = samples(kind, current_house().name)
    return render_template(
        "messaging/admin/template.html",
        kind=kind,
        locale=locale,
        language=LOCALES[locale],
        form=form,
        placeholders=placeholders(kind),
        preview=words.filled(values),
        changed=changed,
        crumbs=[Entry(_("Templates"), url_for(".templates"))],
    )


def _original(kind: MessageKind, locale: str) -> Words:
    with force_locale(locale):
        return product_words(kind)


def _modules_with_messages() -> list[Module]:
    return [module for module in runtime().registry.active(current_house().modules) if module.messages]


def _kind(name: str, locale: str) -> MessageKind:
    """A kind of a module that is on, in a language of the house; anything else is not found."""
    kinds = {kind.name: kind for module in _modules_with_messages() for kind in module.messages}
    if name not in kinds or locale not in current_house().locales:
        abort(404)
    return kinds[name]
