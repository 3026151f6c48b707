"""Changing the association's profile, with its logo."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from guildhall.core.identity import Actor
from guildhall.core.images import PictureRefused, as_png
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from tenants.registry import Tenant, TenantRegistry
from tenants.settings import checked, update_profile

LOGO_SIDE = 512


def save_profile(
    runtime: Runtime,
    tenants: TenantRegistry,
    tenant: Tenant,
    changes: Mapping[str, Any],
    actor: Actor,
    *,
    picture: IO[bytes] | None = None,
) -> Tenant:
    """Change the profile; with a picture as the new logo, made anew as PNG. Returns the association anew.

    The file is stored before the profile names it and the old one goes after, so that no page ever misses its logo.

    Raises:
        Invalid, PictureRefused: what does not fit, by field.
    """
    checked(replace(tenant.profile, **changes))
    if picture is not None:
        changes = {**changes, "logo": _store_logo(runtime, tenant, picture)}
    before = tenant.profile.logo
    changed = update_profile(runtime, tenants, tenant, changes, actor)
    if before and before != changed.profile.logo:
        runtime.storage.delete(key_of(tenant.id, "brand", before))
    return changed


def _store_logo(runtime: Runtime, tenant: Tenant, picture: IO[bytes]) -> str:
    """Returns the file's name, which comes from its content."""
    try:
        png = as_png(picture, side=LOGO_SIDE)
    except PictureRefused as refused:
        refused.fields = {"logo": str(refused)}
        raise
    name = f"logo-{hashlib.sha256(png).hexdigest()[:16]}.png"
    runtime.storage.put(key_of(tenant.id, "brand", name), io.BytesIO(png), "image/png")
    return name
