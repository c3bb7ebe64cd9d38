"""Whether this installation may serve: the database answers, the ledger's triggers stand, the jobs run."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from gongzhi.kernel.ledger import triggers
from gongzhi.surfaces.jobs import heartbeat


def durability() -> str:
    """How the database keeps an acknowledged write, in its own words: ``synchronous=FULL``, ``fsync=on …``."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            level = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[int(cursor.fetchone()[0])]
            cursor.execute("PRAGMA journal_mode")
            return f"synchronous={level}, journal_mode={cursor.fetchone()[0]}"
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
        return f"fsync={fsync}, synchronous_commit={commit}"


def report() -> dict[str, Any]:
    """What ``/healthz`` says. ``ok`` is true when everything needed to serve is there."""
    said: dict[str, Any] = {"version": settings.VERSION, "demo": settings.DEMO}
    try:
        said["database"] = connection.vendor
        said["durability"] = durability()
        said["triggers"] = triggers.missing(connection) or "ok"
    except DatabaseError as failure:
        said |= {"database": "away", "error": type(failure).__name__}
    said["jobs"] = heartbeat.state()
    said["ok"] = said.get("triggers") == "ok" and said["jobs"] in {"ok", "failing"}
    return said


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the server is ready, else 503 with what is missing."""
    said = report()
    return JsonResponse(said, status=200 if said["ok"] else 503)
