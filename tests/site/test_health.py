"""``/healthz`` says 200 only when the database answers, the ledger's triggers stand and the jobs run."""

import pytest
from django.db import connection
from django.test import Client

from gongzhi.kernel.ledger import triggers
from gongzhi.surfaces.jobs import heartbeat


@pytest.fixture
def beating() -> None:
    heartbeat.beat({"tick": "ok"})


@pytest.mark.django_db
def test_a_sound_installation_says_so(client: Client, beating: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] == connection.vendor
    assert answer.json()["version"]


@pytest.mark.django_db
def test_a_stopped_clock_is_seen(client: Client, beating: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "LATE", -1.0)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["jobs"]) == (503, "late")


@pytest.mark.django_db
def test_a_missing_trigger_is_named(client: Client, beating: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(triggers.FORBIDDEN, "kernel_area", ["DELETE"])
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["triggers"]) == (503, ["keep_kernel_area_delete"])
