"""Files that a virus scanner looks at."""

import dataclasses
import socketserver
import struct
import threading

import pytest

from guildhall.core.audit import Wanted, entries
from modules.files.enums import ScanState
from modules.files.models import File
from modules.files.public import file_url
from tests.modules.files.conftest import TEXT

# https://www.eicar.org: what every scanner takes for a virus, in two parts so that none takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as clamd(8) describes it."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if b"broken" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture
def scanned(runtime, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"tcp://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(runtime, "settings", dataclasses.replace(runtime.settings, clamav_url=url))
        yield
        server.shutdown()


@pytest.mark.usefixtures("scanned")
def test_a_clean_file_opens_once_it_is_checked(visit, tenant, stored, run_jobs):
    file = stored()
    assert visit().get(file_url(file)).status_code == 409
    run_jobs(tenant)
    assert visit().get(file_url(file)).data == TEXT


@pytest.mark.usefixtures("scanned")
def test_a_virus_is_never_handed_out(visit, session, tenant, stored, run_jobs):
    file = stored("game.txt", EICAR)
    run_jobs(tenant)
    assert visit().get(file_url(file)).status_code == 404
    session.expire_all()
    found = session.get(File, file.id)
    assert (found.scan_state, found.scan_finding) == (ScanState.INFECTED, "Eicar-Signature")
    assert session.scalars(entries(Wanted(action="files.infected_file_found"))).one().target_id == str(file.id)


@pytest.mark.usefixtures("scanned")
def test_without_a_verdict_it_stays_closed(visit, tenant, stored, run_jobs):
    file = stored("a.txt", b"broken")
    run_jobs(tenant)
    assert visit().get(file_url(file)).status_code == 409
