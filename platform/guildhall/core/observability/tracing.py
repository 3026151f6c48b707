"""Optional: traces of requests to an OpenTelemetry collector; the packages come with the extra `otel`."""

from typing import Any

from flask import Flask

from guildhall.core.settings import Settings

# Addresses of pages hold invitation tokens and search words; what a span needs is its route, which it has.
PERSONAL = ("http.target", "http.url", "url.path", "url.query", "url.full", "http.user_agent", "user_agent.original")
NETWORK = ("net.peer.ip", "net.peer.port", "client.address", "network.peer.address", "http.client_ip")


def start_tracing(settings: Settings) -> bool:
    """Begin, when a collector is set. Call it in the process that serves, after any fork."""
    if not settings.otel_endpoint:
        return False
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "guildhall"}))
    exporter = OTLPSpanExporter(endpoint=f"{settings.otel_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return True


def trace_requests(app: Flask) -> None:
    """Put a span around each request of an app."""
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    hooks = {"request_hook": _name_house, "response_hook": _scrub}
    FlaskInstrumentor().instrument_app(app, **hooks)  # type: ignore[no-untyped-call]


def _name_house(span: Any, environ: dict[str, Any]) -> None:
    if span is not None and span.is_recording():
        span.set_attribute("guildhall.house", str(getattr(environ.get("guildhall.house"), "id", "")))


def _scrub(span: Any, _status: str, _headers: Any) -> None:
    """At the end: the library notes the address only after it has called the other hook."""
    if span is None or not span.is_recording():
        return
    for name in (*PERSONAL, *NETWORK):
        if name in span.attributes:
            span.set_attribute(name, "")
