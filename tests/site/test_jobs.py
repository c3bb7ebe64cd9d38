"""The jobs: one that fails never stops the others, and everybody can see that it failed."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.ledger.models import Attachment
from gongzhi.surfaces.jobs import heartbeat, loop
from tests import cast
from tests.cast import clock

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_every_job_runs_on_an_empty_house() -> None:
    assert loop.every_job_once(NOON) == dict.fromkeys(loop.JOBS, "ok")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = loop.Job("fold", "gongzhi.kernel.indicators.fold", "no_such_function", 10, "breaks")
    monkeypatch.setitem(loop.JOBS, "fold", broken)
    outcomes = loop.every_job_once(NOON)
    assert outcomes.pop("fold") == "AttributeError"
    assert set(outcomes.values()) == {"ok"}
    heartbeat.beat(outcomes | {"fold": "AttributeError"})
    assert heartbeat.state() == "failing"


def test_an_hourly_job_keeps_to_the_full_hour() -> None:
    seal = loop.JOBS["seal"]
    assert loop._due(seal, None, 7200.0)
    assert not loop._due(seal, 7200.0, 10799.0)
    assert loop._due(seal, 10799.0, 10800.0)


def test_a_daily_job_runs_at_three_in_the_night() -> None:
    sweep = loop.JOBS["sweep"]
    two, three = clock("2026-11-20 02:59").timestamp(), clock("2026-11-20 03:00").timestamp()
    assert loop._due(sweep, two - 3600, three) and not loop._due(sweep, two - 3600, two)
    assert not loop._due(sweep, three, three + 86399)


@pytest.mark.django_db
def test_the_sweep_takes_what_no_attachment_names_and_leaves_the_rest() -> None:
    kept, orphan, fresh = (_file(f"{number:064x}") for number in (1, 2, 3))
    told = cast.build().snap()
    entry = told.matter.entries.first()
    row = {"matter": told.matter, "entry": entry, "kind": "photo", "media_type": "image/jpeg", "bytes": 1}
    Attachment.objects.create(digest=kept.name.split(".")[0], **row)
    Attachment.objects.create(digest=orphan.name.split(".")[0], removed_at=NOON, **row)
    for old in (kept, orphan):
        os.utime(old, times=((NOON - timedelta(days=3)).timestamp(),) * 2)
    os.utime(fresh, times=(NOON.timestamp(),) * 2)
    assert loop.once("sweep", NOON) == 1
    assert (kept.exists(), orphan.exists(), fresh.exists()) == (True, False, True)


def _file(digest: str) -> Path:
    path = private_folder("files", digest[:2]) / f"{digest}.jpg"
    path.write_bytes(b"x")
    return path


def test_a_job_of_seconds_keeps_to_its_interval() -> None:
    tick = loop.JOBS["tick"]
    assert not loop._due(tick, 100.0, 104.9)
    assert loop._due(tick, 100.0, 105.0)


def test_a_loop_that_stopped_is_late_and_one_that_never_ran_is_told_apart() -> None:
    heartbeat.beat({"tick": "ok"})
    at = json.loads((settings.DATA / "jobs.heartbeat").read_text())["at"]
    assert heartbeat.state(at + 59) == "ok"
    assert heartbeat.state(at + 61) == "late"
    (settings.DATA / "jobs.heartbeat").unlink()
    assert heartbeat.state() == "never"
