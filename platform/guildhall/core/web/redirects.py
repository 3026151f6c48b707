"""Going back to where somebody came from, without being sent elsewhere."""

from urllib.parse import urlsplit


def safe_path(target: str | None, default: str = "/") -> str:
    r"""`target` if it is a path on this same host, else `default` (OWASP: unvalidated redirects).

    Refused: other hosts in any spelling (`//host`, `/\\host`, `https:host`), control characters, other schemes.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(character) < 0x20 or character == "\\" for character in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
