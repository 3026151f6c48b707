"""A web process under load, beside what is being measured.

`python -m bench.load HOST…` reads pages until its input ends. It prints "ready" once it answers, and at the
end how many requests were answered and how many failed, as JSON.
"""

import json
import sys
import threading
from http import HTTPStatus
from itertools import cycle

from werkzeug.test import Client

from guildhall.server.process import Process
from guildhall.server.wsgi import Doors


def main(hosts: list[str]) -> None:
    client, ended = Client(Doors(Process.from_environ())), threading.Event()
    answered = failed = 0
    threading.Thread(target=lambda: sys.stdin.read() or ended.set(), daemon=True).start()
    for host in cycle(hosts):
        answer = client.get("/", headers={"Host": host})
        failed += answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        if answered == 0:
            print("ready", flush=True)
        answered += 1
        if ended.is_set():
            break
    print(json.dumps({"answered": answered, "failed": failed}))


if __name__ == "__main__":
    main(sys.argv[1:])
