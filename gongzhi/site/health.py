"""Whether this installation may serve: the database answers, the ledger's triggers stand, the jobs run.

``wrong`` names everything that is not as it should be; of that only what makes serving unsafe answers 503. A missing
signing key does not: reports are taken, the hourly seal waits and catches up within a minute of the key's return.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from gongzhi.kernel.ledger import signing, triggers
from gongzhi.kernel.models import Receipt
from gongzhi.kernel.people import keyring, secrets
from gongzhi.kernel.telling import channels
from gongzhi.site import code_budget, restore
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
    """What ``/healthz`` says. ``ok`` is true when everything needed to serve is there, ``wrong`` lists what is not."""
    said: dict[str, Any] = {"version": settings.VERSION, "demo": settings.DEMO}
    try:
        said["database"] = connection.vendor
        said["durability"] = durability()
        said["triggers"] = triggers.missing(connection) or "ok"
    except DatabaseError as failure:
        said |= {"database": "away", "error": type(failure).__name__}
    said["channels"] = channels.states()
    said["jobs"] = heartbeat.state()
    half = bool(restore.pending(settings.DATA))
    said["ok"] = said.get("triggers") == "ok" and said["jobs"] in {"ok", "failing"} and not half
    said["wrong"] = [*_needed(said, half), *(told for look in LOOKS if (told := _told(look)))]
    return said


def _needed(said: dict[str, Any], half: bool) -> list[str]:
    """What serving needs and is not there, as sentences."""
    found = []
    if said["database"] == "away":
        found.append("the database does not answer")
    elif said["triggers"] != "ok":
        found.append("triggers of the ledger are missing: run `gongzhi migrate`")
    if said["jobs"] in ("late", "never"):
        found.append("the jobs do not run")
    if half:
        found.append("a restore has begun and not ended: deletions are not replayed yet")
    return found


def _told(look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception as failure:  # a look that fails is itself news
        return f"{look.__name__.strip('_')} could not be looked at ({type(failure).__name__})"


def _jobs() -> str:
    """Jobs whose last run failed, by name."""
    failed = [name for name, outcome in heartbeat.last().get("jobs", {}).items() if outcome != "ok"]
    return f"jobs that failed and are tried again: {', '.join(failed)}" if failed else ""


def _signing_key() -> str:
    """Whether seals can be signed; the path of the key is not told."""
    try:
        hand = signing.signer()
    except signing.CannotSign:
        return "the signing key (SEAL_KEY) cannot be used: reports are taken, seals wait for the key"
    if hand.demonstration and not settings.DEMO:
        return "seals are signed with a demonstration key: set SEAL_KEY"
    return ""


def _phone_keys() -> str:
    """Whether the keys here open what was closed last (a database restored without its keys)."""
    held = Receipt.objects.exclude(phone_enc=None).order_by("-pk").values_list("phone_enc", flat=True).first()
    if held is None:
        return ""
    try:
        secrets.unseal(held)
    except (keyring.KeyMissing, secrets.Tampered):
        return (
            "the keys of telephone numbers are missing from DATA/keys: bring them back from their own backup"
        )
    return ""


def _channels() -> str:
    """Which ways out are shut."""
    shut = [name for name, state in channels.states().items() if state == channels.OFF]
    return f"nothing leaves by {', '.join(shut)}: no gateway is set" if shut else ""


LOOKS: list[Callable[[], str]] = [_jobs, _signing_key, _phone_keys, _channels, code_budget.paused]
"""What else may be wrong while serving goes on: each gives a sentence, "" when all is well."""


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the server is ready, else 503 with what is missing."""
    said = report()
    return JsonResponse(said, status=200 if said["ok"] else 503)
