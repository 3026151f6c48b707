"""Nothing that people give us leads into our own network: the canary sees no connection."""

import ipaddress
import socket
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guildhall.core.clock import now
from guildhall.core.egress import AddressRefused, Egress, Failure, RequestFailed, is_public

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
PUBLIC = "93.184.215.14"

SPELLINGS = (
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://localhost.:{port}/",
    "https://127.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0x7f.0.0.1:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://017700000001:{port}/",
    "https://0:{port}/",
    "https://0.0.0.0:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[::127.0.0.1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[::1%25lo]:{port}/",
    "https://１２７.0.0.1:{port}/",
    "https://127。0。0。1:{port}/",
    "https://①②⑦.⓪.⓪.①:{port}/",
    "https://example.com@127.0.0.1:{port}/",
    "https://example.com:x@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@example.com/",
    "https://example.com\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}#@example.com/",
    "https:127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\t/",
    " https://127.0.0.1:{port}/",
    "ht\ntps://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://example.com/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "https://[::1:{port}/",
    "https://127.0.0.1:99999/",
    "https://example.com:0/",
    "https://" + "a" * 300 + ".example/",
    "https://exa mple.com/",
    "https://{port}/",
    "",
)
INSIDE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1"]


class Canary:
    """Listens on loopback, counts who comes, and answers what it was told to."""

    def __init__(self, answer=b"", hold=None):
        self.connections = 0
        self.received = b""
        self.answer = answer
        self.hold = hold
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                try:
                    self._answer(connection)
                except OSError:
                    continue

    def _answer(self, connection):
        if self.answer:
            self.received += connection.recv(65536)
            connection.sendall(self.answer)
        if self.hold:
            self.hold.wait(5)

    def close(self):
        self.socket.close()


@pytest.fixture
def canary():
    running = Canary(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    yield running
    running.close()


def test_the_canary_would_see_it(canary):
    """The control: with loopback allowed the same request arrives."""
    answer = Egress(allowed=LOOPBACK).post(f"http://127.0.0.1:{canary.port}/hook?a=b", b"{}", {"X-Test": "1"})
    assert (answer.status, answer.body, canary.connections) == (200, b"ok", 1)
    assert canary.received.startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{canary.port}\r\n".encode() in canary.received


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_leads_inside(canary, spelling):
    with pytest.raises(AddressRefused):
        Egress(connect_seconds=0.2).post(spelling.format(port=canary.port), b"{}", {})
    assert canary.connections == 0


@pytest.mark.parametrize("address", INSIDE)
def test_no_name_leads_inside(canary, address):
    def resolve(_host, _port):
        return [address]

    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(AddressRefused):
        Egress(resolve=resolve).post(f"https://hook.example:{canary.port}/", b"{}", {})
    assert canary.connections == 0


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_internet_is_outside(address):
    assert is_public(ipaddress.ip_address(address))


def test_a_name_with_one_address_inside_is_refused_whole():
    with pytest.raises(AddressRefused):
        Egress(resolve=lambda *_: [PUBLIC, "127.0.0.1"]).post("https://hook.example/", b"{}", {})


def test_a_name_that_answers_differently_the_second_time(canary):
    """Rebinding: the address that was checked is the one that is called, and nobody asks again."""
    answers = [[PUBLIC], ["127.0.0.1"]]
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return answers[min(len(asked), 2) - 1]

    with pytest.raises(RequestFailed):
        Egress(resolve=resolve, connect_seconds=0.2, total_seconds=0.4).post(
            f"https://hook.example:{canary.port}/", b"{}", {}
        )
    assert asked == [("hook.example", canary.port)]
    assert canary.connections == 0


def test_a_redirect_is_an_answer_and_is_not_followed(canary):
    sender = Canary(
        f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{canary.port}/\r\nContent-Length: 0\r\n\r\n".encode()
    )
    answer = Egress(allowed=LOOPBACK).post(f"http://127.0.0.1:{sender.port}/", b"{}", {})
    sender.close()
    assert (answer.status, canary.connections) == (302, 0)


def test_an_endless_answer_is_cut_off():
    sender = Canary(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 300_000)
    answer = Egress(allowed=LOOPBACK, most_bytes=1000).post(f"http://127.0.0.1:{sender.port}/", b"{}", {})
    sender.close()
    assert answer.body == b"x" * 1000


def test_a_packed_answer_stays_packed():
    sender = Canary(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00")
    answer = Egress(allowed=LOOPBACK).post(f"http://127.0.0.1:{sender.port}/", b"{}", {})
    sender.close()
    assert answer.body == b"\x1f\x8b\x08\x00"


def test_silence_ends_in_time():
    over = threading.Event()
    sender = Canary(hold=over)
    with pytest.raises(RequestFailed) as failed:
        Egress(allowed=LOOPBACK, total_seconds=0.3).post(f"http://127.0.0.1:{sender.port}/", b"{}", {})
    over.set()
    sender.close()
    assert failed.value.cause == Failure.TIME


def test_nobody_there_and_no_such_host():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RequestFailed) as failed:
        Egress(allowed=LOOPBACK).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert failed.value.cause == Failure.CONNECTION

    def nowhere(_host, _port):
        raise socket.gaierror

    with pytest.raises(RequestFailed) as failed:
        Egress(resolve=nowhere).post("https://hook.example/", b"{}", {})
    assert failed.value.cause == Failure.HOST


def test_the_certificate_must_be_of_the_name_that_was_asked_for(tmp_path):
    """The connection goes to an address, yet asks for the name (SNI), and trusts no certificate of its own making."""
    asked = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path, "hook.example"))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, context))
        thread.start()
        egress = Egress(allowed=LOOPBACK, resolve=lambda *_: ["127.0.0.1"])
        with pytest.raises(RequestFailed) as failed:
            egress.post(f"https://hook.example:{listening.getsockname()[1]}/", b"{}", {})
        thread.join()
    assert failed.value.cause == Failure.CERTIFICATE
    assert asked == ["hook.example"]


def _shake_hands(listening, context):
    connection, _ = listening.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except (ssl.SSLError, ConnectionError):
            return


def _self_signed(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now() - timedelta(1)).not_valid_after(now() + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    path = folder / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(pem))
    return path
