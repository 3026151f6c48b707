"""What the world's name servers say; behind a protocol, so that tests ask nobody."""

from typing import Protocol

import dns.resolver
from dns.exception import DNSException

TIMEOUT_SECONDS = 4.0


class DnsResolver(Protocol):
    """Look-ups of one name. A name without such a record has an empty answer."""

    def texts(self, name: str) -> set[str]:
        """TXT records."""
        ...

    def aliases(self, name: str) -> set[str]:
        """CNAME record, in lower case, without the last dot."""
        ...

    def addresses(self, name: str) -> set[str]:
        """A and AAAA records, aliases followed."""
        ...


class SystemDns:
    """The machine's own resolver."""

    def __init__(self) -> None:
        self._resolver = dns.resolver.Resolver()
        self._resolver.lifetime = TIMEOUT_SECONDS

    def texts(self, name: str) -> set[str]:
        return {b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")}

    def aliases(self, name: str) -> set[str]:
        return {str(record.target).rstrip(".").lower() for record in self._ask(name, "CNAME")}

    def addresses(self, name: str) -> set[str]:
        return {record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)}

    def _ask(self, name: str, kind: str) -> list[dns.resolver.Answer]:
        """No answer in time counts as none: the person is told which record we do not see, and tries again."""
        try:
            return list(self._resolver.resolve(name, kind))
        except DNSException:
            return []
