"""`guildhall web`, `worker` and `relay`: the three kinds of process that serve."""

import os

import click
from prometheus_client import start_http_server

from guildhall.core.observability.logs import configure_logging
from guildhall.core.settings import Settings
from guildhall.server.cli import cli
from guildhall.server.process import Process

metrics_port = click.option("--metrics-port", type=int, help="Serve Prometheus figures of this process on this port.")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def web(host: str, port: int) -> None:
    """Serve the site, the console and every house. SIGHUP reloads, SIGTERM stops; requests at hand are finished."""
    from guildhall.server.web import serve

    settings = Settings.from_environ(os.environ)
    configure_logging(settings)
    serve(settings, host, port)


@cli.command()
@metrics_port
@click.option("--burst", is_flag=True, help="End once the queue is empty.")
def worker(metrics_port: int | None, *, burst: bool) -> None:
    """Run jobs. Start as many as you like; SIGTERM lets one finish its job."""
    from guildhall.server.worker import run_worker

    process = Process.from_environ()
    _answer_prometheus(metrics_port)
    run_worker(process, burst=burst)


@cli.command()
@metrics_port
@click.option("--sweep", default=15.0, show_default=True, help="Seconds in which each house is looked at once.")
@click.option("--hand-again", default=30.0, show_default=True, help="Seconds after which a job is taken for lost.")
@click.option("--in-flight", default=8, show_default=True, help="Jobs of one house with the workers at once.")
def relay(metrics_port: int | None, sweep: float, hand_again: float, in_flight: int) -> None:
    """Hand jobs to the workers and plant the schedules. One is enough; a second takes over when it is lost."""
    from guildhall.server.relay import Pace, run_relay

    process = Process.from_environ()
    _answer_prometheus(metrics_port)
    run_relay(process, Pace(sweep=sweep, hand_again=hand_again, in_flight=in_flight))


def _answer_prometheus(port: int | None) -> None:
    if port is not None:
        start_http_server(port)
