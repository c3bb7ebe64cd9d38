"""``gongzhi run``: one command that starts everything, says where to go, and stops all of it."""

import json
import os
import shutil
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path

from gongzhi.site import environment, screen
from gongzhi.site.children import Child
from gongzhi.site.failures import Refused

READY_WITHIN = 60.0  # seconds until /healthz must answer


def run(host: str, port: int, *, demo: bool = False) -> int:
    """Start web server and jobs, print the one screen, stay until SIGINT or SIGTERM. Raises ``Refused``."""
    if demo:
        os.environ["DEMO"] = "1"
    os.environ["PORT"] = str(port)  # what messages name where no SITE_URL is set
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    data = _writable(environment.data_folder())
    _free(host, port)
    first = _prepare()
    web, jobs = children = [_web(host, port, data), _jobs(data)]
    try:
        web.start()
        health = _ready(host, port, web, stop)
        if health:
            jobs.start()
            print(screen.welcome(f"http://{_shown(host)}:{port}", health, first), flush=True)
        while not stop.wait(1.0):
            for child in children:
                child.watch()
    finally:
        _stop(children)
    return 0


def _prepare() -> str:
    from gongzhi.site import prepare

    prepare.database()
    from django.conf import settings
    from django.db import connections

    from gongzhi.surfaces.jobs import heartbeat

    said = prepare.demonstration() if settings.DEMO else ""
    if faults := prepare.faults():
        raise Refused("\n".join(faults))
    _load()
    connections.close_all()
    heartbeat.beat({})  # the jobs start as soon as the server answers
    return said


def _load() -> None:
    """Gather the static files and import all that serves, once, before the children are forked."""
    from django.urls import get_resolver

    from gongzhi.site import metrics, static

    static.gather()
    metrics.forget()
    import_module("gongzhi.site.wsgi")
    _ = get_resolver().url_patterns


def _writable(data: Path) -> Path:
    """The data folder, made when missing; refuses in a sentence when nothing can be kept there."""
    try:
        (data / "logs").mkdir(parents=True, exist_ok=True)
        probe = data / f".probe.{os.getpid()}"
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as failure:
        raise Refused(
            f"cannot write to the data folder {data} ({failure.strerror}); choose another: DATA=/some/dir"
        ) from None
    if shutil.disk_usage(data).free < 200 * 1024 * 1024:
        raise Refused(
            f"less than 200 MB are free under {data}; make room or choose another folder: DATA=/some/dir"
        )
    return data


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise Refused(
                f"port {port} is in use or not allowed ({failure.strerror}); choose another: PORT=8123"
            ) from None


def _web(host: str, port: int, data: Path) -> Child:
    def serve() -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        Granian(
            "gongzhi.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=int(os.environ.get("WORKERS") or min(2, os.cpu_count() or 1)),
            blocking_threads=4,
            backpressure=64,
            websockets=False,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
        ).serve()

    return Child("web", serve, data / "logs" / "web.log")


def _jobs(data: Path) -> Child:
    from gongzhi.surfaces.jobs import loop

    return Child("jobs", loop.forever, data / "logs" / "jobs.log")


def _ready(host: str, port: int, web: Child, stop: threading.Event) -> dict[str, object]:
    """Wait until ``/healthz`` says 200; what it said. Empty when told to stop meanwhile."""
    until, said = time.monotonic() + READY_WITHIN, "no answer"
    while time.monotonic() < until and not stop.wait(0.1):
        if web.ended():
            raise Refused(f"the web server ended at once; its last words:\n{web.last_words()}")
        try:
            with urllib.request.urlopen(f"http://{_shown(host)}:{port}/healthz", timeout=5) as answer:
                health: dict[str, object] = json.load(answer)
                return health
        except urllib.error.HTTPError as answer:
            said = answer.read().decode(errors="replace")
        except OSError:
            continue
    if stop.is_set():
        return {}
    raise Refused(f"not ready after {READY_WITHIN:.0f} seconds; /healthz says: {said}")


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _stop(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stopped(within=10)
