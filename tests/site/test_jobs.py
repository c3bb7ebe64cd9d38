"""The jobs: one that fails never stops the others, and everybody can see that it failed."""

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings

from gongzhi.surfaces.jobs import heartbeat, loop

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
