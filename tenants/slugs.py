"""Slugs: the first label of a house's address. Pure rules; what is taken is looked up by the caller."""

import re
from collections.abc import Callable
from itertools import count

# A DNS label (RFC 1035 §2.3.1), no shorter than three so that each is a name, no "--" so that none looks like punycode.
PATTERN = re.compile(r"(?!.*--)[a-z][a-z0-9-]{1,38}[a-z0-9]")
LONGEST = 40
RESERVED = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "api",
        "app",
        "apps",
        "assets",
        "auth",
        "autoconfig",
        "autodiscover",
        "billing",
        "blog",
        "board",
        "ca",
        "cdn",
        "chat",
        "cms",
        "console",
        "contact",
        "dashboard",
        "data",
        "demo",
        "dev",
        "developer",
        "docs",
        "domain",
        "email",
        "events",
        "example",
        "files",
        "forum",
        "ftp",
        "git",
        "guildhall",
        "health",
        "help",
        "home",
        "host",
        "house",
        "http",
        "https",
        "imap",
        "info",
        "internal",
        "jobs",
        "kit",
        "legal",
        "live",
        "local",
        "localhost",
        "login",
        "mail",
        "media",
        "member",
        "members",
        "metrics",
        "mobile",
        "mx",
        "news",
        "ns",
        "ns1",
        "ns2",
        "oauth",
        "ops",
        "pay",
        "payment",
        "payments",
        "ping",
        "platform",
        "pop",
        "pop3",
        "postmaster",
        "press",
        "preview",
        "privacy",
        "proxy",
        "public",
        "root",
        "sales",
        "secure",
        "security",
        "service",
        "shop",
        "signin",
        "signup",
        "site",
        "smtp",
        "sso",
        "stage",
        "staging",
        "static",
        "stats",
        "status",
        "store",
        "stripe",
        "support",
        "sys",
        "system",
        "team",
        "tenant",
        "terms",
        "test",
        "tests",
        "trial",
        "upload",
        "vendor",
        "web",
        "webhook",
        "webhooks",
        "webmail",
        "wiki",
        "wpad",
        "www",
    ]
)
_LOOKALIKES = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "2": "z", "-": None}
)


def skeleton(slug: str) -> str:
    """The slug with look-alikes folded: two slugs with one skeleton can be mistaken for each other (after UTS #39)."""
    return slug.lower().translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def is_well_formed(slug: str) -> bool:
    return PATTERN.fullmatch(slug) is not None


def is_reserved(slug: str) -> bool:
    return skeleton(slug) in _RESERVED_SKELETONS


_RESERVED_SKELETONS = frozenset(skeleton(name) for name in RESERVED)


def suggest(slug: str, is_free: Callable[[str], bool]) -> str:
    """A free, well-formed slug near this one."""
    base = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
    base = base if base[:1].isalpha() else f"a-{base}".strip("-")
    base = base[: LONGEST - 6].strip("-") or "association"
    candidates = (base, *(f"{base}-{tail}" for tail in ("chamber", "guild", "union")))
    usable = (name[:LONGEST] for name in candidates if is_well_formed(name[:LONGEST]))
    # Numbers as a last resort: letters, since digits fold onto them.
    numbered = (f"{base}-{_letters(number)}" for number in count())
    for name in (*usable, *(next(numbered) for _ in range(200))):
        if not is_reserved(name) and is_free(name):
            return name
    return f"{base[:20]}-{_letters(hash(slug) % 10**6)}"


def _letters(number: int) -> str:
    alphabet = "abcdefghkmnpqrtuwxyz"
    text = ""
    while True:
        number, rest = divmod(number, len(alphabet))
        text += alphabet[rest]
        if number == 0:
            return text + "x"
