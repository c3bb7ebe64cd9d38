"""``/metrics`` for the operator, in Prometheus' text format: sums and ages, no person, no address, no matter.

Answered only to this machine itself, or to whoever brings ``METRICS_TOKEN``. Requests are counted by every web process
into files of its own under ``DATA/metrics`` (prometheus-client's way for several processes) and added up when asked;
what stands in the database is counted then and there.
"""

import hmac
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gongzhi.site import backup_mark, code_budget
from gongzhi.site.refusals import absent
from gongzhi.surfaces.jobs import heartbeat

FOLDER = Path(settings.DATA) / "metrics"
FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)  # read when the library is first imported

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

AT_HOME = {"127.0.0.1", "::1"}
METHODS = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
}  # a made-up one opens no series of its own
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
TYPE = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS = Counter("gongzhi_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram("gongzhi_request_seconds", "Seconds until the answer.", ["route"], buckets=STEPS)

Gauge = Callable[[], float]
more_gauges: dict[str, tuple[str, Gauge]] = {
    "gongzhi_phone_codes_left_hour": ("Phone codes that may still be asked for.", code_budget.left_this_hour),
    "gongzhi_phone_codes_left_day": ("The same, within a day.", code_budget.left_today),
}
"""Further figures by name, each with its help and what counts it (such as what is left of the SMS budget)."""


def count(route: str, method: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def forget() -> None:
    """Begin anew: the files of processes that are gone. Called once, before the web processes start."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, or 404 as if there were none."""
    if not _may(request):
        return absent(request)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Standing())
    return HttpResponse(generate_latest(registry), content_type=TYPE, headers={"Cache-Control": "no-store"})


def _may(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(said.encode(), settings.METRICS_TOKEN.encode())
    through = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"} & request.META.keys()
    return not through and request.META.get("REMOTE_ADDR") in AT_HOME


class Standing:
    """What stands now, counted when asked."""

    def collect(self) -> Iterator[Any]:
        """All figures; one that cannot be had is left out, the others stand."""
        info = GaugeMetricFamily("gongzhi_info", "What runs here.", labels=["version", "database"])
        from django.db import connection

        info.add_metric([settings.VERSION, connection.vendor], 1)
        yield info
        yield from self._jobs()
        yield from self._deliveries()
        for name, (says, number) in {**GAUGES, **more_gauges}.items():
            try:
                yield GaugeMetricFamily(name, says, value=number())
            except Exception:  # noqa: S112 a figure that fails must not hide the others
                continue

    def _jobs(self) -> Iterator[Any]:
        ages = GaugeMetricFamily("gongzhi_job_age_seconds", "Since the job last ran.", labels=["job"])
        failed = GaugeMetricFamily("gongzhi_job_failed", "1 when its last run failed.", labels=["job"])
        said, now = heartbeat.last(), time.time()
        for name, began in said.get("last", {}).items():
            ages.add_metric([name], max(0.0, now - began))
        for name, outcome in said.get("jobs", {}).items():
            failed.add_metric([name], float(outcome != "ok"))
        yield from (ages, failed)

    def _deliveries(self) -> Iterator[Any]:
        from django.db import DatabaseError
        from django.db.models import Count

        from gongzhi.kernel.models import Delivery

        found = GaugeMetricFamily("gongzhi_deliveries", "Not yet done, by state.", labels=["state"])
        try:
            rows = dict(
                Delivery.objects.exclude(state="done").exclude(follower="seal").order_by()
                .values_list("state").annotate(count=Count("pk"))
            )  # fmt: skip
        except DatabaseError:
            return
        for state in sorted({"pending", "stuck", *rows}):
            found.add_metric([state], rows.get(state, 0))
        yield found


def _now() -> datetime:
    return datetime.now(UTC)


def _open_waits() -> float:
    from gongzhi.kernel.models import Wait

    return Wait.objects.filter(ended_at=None).count()


def _overdue() -> float:
    from gongzhi.kernel.models import Wait

    return Wait.objects.filter(ended_at=None, due_at__lt=_now()).count()


def _oldest_delivery() -> float:
    from gongzhi.kernel.ids import moment_of
    from gongzhi.kernel.models import Delivery

    rows = Delivery.objects.filter(state="pending").exclude(follower="seal").order_by("pk")
    first = rows.values_list("pk", flat=True).first()
    return (_now() - moment_of(first)).total_seconds() if first else 0.0


def _seal_age() -> float:
    from gongzhi.kernel.models import Seal

    last = Seal.objects.order_by("-seq").values_list("at", flat=True).first()
    return (_now() - last).total_seconds() if last else float("inf")


def _unsealed() -> float:
    from gongzhi.kernel.ledger import seal

    return seal.waiting_count()


def _database_bytes() -> float:
    from gongzhi.site import snapshot

    return snapshot.size()


def _free_bytes() -> float:
    return shutil.disk_usage(settings.DATA).free


GAUGES: dict[str, tuple[str, Gauge]] = {
    "gongzhi_waits_open": ("Things awaited.", _open_waits),
    "gongzhi_waits_overdue": ("Things awaited beyond their term.", _overdue),
    "gongzhi_delivery_oldest_seconds": ("Age of the oldest delivery not yet made.", _oldest_delivery),
    "gongzhi_seal_age_seconds": ("Since the last seal.", _seal_age),
    "gongzhi_entries_unsealed": ("Entries no seal holds yet.", _unsealed),
    "gongzhi_database_bytes": ("Size of the database.", _database_bytes),
    "gongzhi_data_free_bytes": ("Free space under DATA.", _free_bytes),
    "gongzhi_backup_age_seconds": ("Since the last backup ended well.", backup_mark.age),
}
