"""Requests to addresses that people give us, kept away from our own network (OWASP SSRF Prevention Cheat Sheet).

The name is resolved once, every address it has is checked, and the connection goes to a checked address: a name that
answers differently a second time (rebinding) gains nothing. Redirects are not followed.
"""

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _l

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

# Beside what the standard library calls not global: what IANA has set aside since, addresses that carry an IPv4
# address inside, and public addresses at which a cloud answers with its machines' secrets.
_REFUSED: tuple[Network, ...] = (
    ipaddress.ip_network("192.0.0.0/24"),  # IETF assignments; a cloud's metadata service is at .192
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's platform address
    ipaddress.ip_network("2001::/23"),  # IETF assignments, Teredo (RFC 4380) among them
    ipaddress.ip_network("2002::/16"),  # 6to4, RFC 3056
    ipaddress.ip_network("3fff::/20"),  # documentation, RFC 9637
    ipaddress.ip_network("5f00::/16"),  # segment routing, RFC 9602
)
_UNICAST_V6 = ipaddress.ip_network("2000::/3")  # all that IANA has given out; no NAT64, no IPv4-mapped or -compatible
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


class AddressRefused(DomainError):
    """The address is malformed, not https, or leads into a network that is not public."""

    code = "address_refused"
    message = _l("This address cannot be used. It must begin with https:// and be reachable from the Internet.")


class Failure(StrEnum):
    """Why no answer came."""

    HOST = "host"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIME = "time"


class RequestFailed(DomainError):
    """No answer came; `cause` says why."""

    code = "request_failed"
    message = _l("No answer came.")

    def __init__(self, cause: Failure) -> None:
        self.cause = cause
        super().__init__()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body is cut off after `most_bytes`."""

    status: int
    body: bytes
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Target:
    """An address that has been taken apart and looks right; where it leads is not known yet."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == 443 else f"{name}:{self.port}"


def system_addresses(host: str, port: int) -> list[str]:
    """All addresses of a host, from the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Egress:
    """Sends to addresses on the public Internet only.

    Args:
        allowed: networks that may be reached although they are not public, there also without TLS. Empty in every
            deployment; tests reach their own servers by it.
    """

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = system_addresses
    connect_seconds: float = 5.0
    total_seconds: float = 15.0
    most_bytes: int = 64 * 1024

    def check(self, url: str) -> Target:
        """Take an address apart, as far as that is possible without asking anybody.

        Raises:
            AddressRefused
        """
        if any(character <= " " or character in '\\"<>^`{|}\x7f' for character in url):
            raise AddressRefused
        target = _target(url)
        literal = _literal(target.host)
        if target.scheme != "https" and not (target.scheme == "http" and self.allowed):
            raise AddressRefused
        if literal is None and not _HOST_NAME.fullmatch(target.host):
            raise AddressRefused
        if literal is not None and not self._may_reach(literal, target.scheme):
            raise AddressRefused
        return target

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send once. Any status is an answer, a redirect too.

        Raises:
            AddressRefused: nothing was sent.
            RequestFailed: nothing usable came back.
        """
        target = self.check(url)
        address = self._checked_address(target)
        started = time.monotonic()
        try:
            with self._pool(target, address) as pool:
                response = pool.urlopen(
                    "POST",
                    target.path,
                    body=body,
                    headers={**headers, "Host": target.host_header},
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    decode_content=False,
                )
                received = self._read(response, started)
        except (HTTPError, OSError) as error:
            raise RequestFailed(_cause(error)) from error
        return Answer(response.status, received, int((time.monotonic() - started) * 1000))

    def _checked_address(self, target: Target) -> Address:
        """Every address of the host must be good: a name with one inside and one outside is refused whole."""
        try:
            found = [ipaddress.ip_address(text.split("%")[0]) for text in self.resolve(target.host, target.port)]
        except (OSError, UnicodeError) as error:
            raise RequestFailed(Failure.HOST) from error
        if not found or not all(self._may_reach(address, target.scheme) for address in found):
            raise AddressRefused
        return found[0]

    def _may_reach(self, address: Address, scheme: str) -> bool:
        if any(address in network for network in self.allowed if network.version == address.version):
            return True
        return scheme == "https" and is_public(address)

    def _pool(self, target: Target, address: Address) -> urllib3.HTTPConnectionPool:
        timeout = urllib3.Timeout(connect=self.connect_seconds, total=self.total_seconds)
        if target.scheme == "http":
            return urllib3.HTTPConnectionPool(str(address), target.port, timeout=timeout)
        return urllib3.HTTPSConnectionPool(
            str(address),
            target.port,
            timeout=timeout,
            cert_reqs="CERT_REQUIRED",
            server_hostname=target.host,
            assert_hostname=target.host,
        )

    def _read(self, response: urllib3.BaseHTTPResponse, started: float) -> bytes:
        """At most `most_bytes`, and not longer than the time allows, however slowly they drip."""
        received = b""
        while len(received) < self.most_bytes and time.monotonic() - started < self.total_seconds:
            chunk = response.read1(min(8192, self.most_bytes - len(received)))
            if not chunk:
                break
            received += chunk
        response.close()
        return received


def is_public(address: Address) -> bool:
    """Whether an address is of one host on the public Internet."""
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST_V6:
        return False
    return address.is_global and not address.is_multicast


def _target(url: str) -> Target:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise AddressRefused from error
    if not host or parts.username is not None or parts.password is not None or port == 0:
        raise AddressRefused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def _cause(error: Exception) -> Failure:
    if isinstance(error, SSLError):
        return Failure.CERTIFICATE
    late = isinstance(error, UrllibTimeoutError | TimeoutError) and not isinstance(error, NewConnectionError)
    return Failure.TIME if late else Failure.CONNECTION


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
