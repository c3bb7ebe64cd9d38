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


@pytest.mark.django_db
def test_a_missing_signing_key_is_named_and_the_neighbourhood_goes_on(
    client: Client, cast, settings, tmp_path
) -> None:
    """Reports are never lost for a key: they are taken, the seal waits, and catches up when the key is back."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from gongzhi.kernel.ledger import seal, signing
    from gongzhi.kernel.ledger.verify import verify
    from gongzhi.surfaces.jobs import loop

    settings.SEAL_KEY = f"file:{tmp_path / 'seal.pem'}"
    told = cast.snap()
    with pytest.raises(signing.CannotSign):
        loop.once("seal")
    heartbeat.beat({"tick": "ok", "seal": "CannotSign"})
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["ok"], answer.json()["jobs"]) == (200, True, "failing")
    assert any("SEAL_KEY" in one for one in answer.json()["wrong"])
    assert any("tried again: seal" in one for one in answer.json()["wrong"])
    assert str(tmp_path) not in answer.content.decode()
    assert told.matter.number and seal.waiting_count() > 0
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "seal.pem").write_bytes(pem)
    assert loop.once("seal") > 0 and seal.waiting_count() == 0
    assert verify().sound


@pytest.mark.django_db
def test_a_failed_job_is_tried_again_after_a_minute_and_a_sound_one_keeps_its_hour() -> None:
    from gongzhi.surfaces.jobs import loop

    sealing, noon = loop.JOBS["seal"], 1_800_000_000.0
    assert not loop._due(sealing, noon + 10, noon + 90)
    assert loop._due(sealing, noon + 10, noon + 90, failed=True)
    assert not loop._due(sealing, noon + 10, noon + 30, failed=True)


@pytest.mark.django_db
def test_a_half_restored_place_says_so(client: Client, beating: None, settings, tmp_path) -> None:
    settings.DATA = tmp_path
    heartbeat.beat({"tick": "ok"})
    (tmp_path / "restore.json").write_text('{"from": "20261121T190000Z"}')
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "deletions are not replayed yet" in " ".join(answer.json()["wrong"])


@pytest.mark.django_db
def test_lost_telephone_keys_and_a_missing_channel_are_named(
    client: Client, cast, beating: None, settings, tmp_path, monkeypatch
) -> None:
    from gongzhi.kernel.telling import channels

    monkeypatch.setattr(channels, "states", lambda: {"sms": "off", "mail": "on"})
    cast.snap()
    assert "telephone" not in " ".join(client.get("/healthz").json()["wrong"])
    assert "nothing leaves by sms" in " ".join(client.get("/healthz").json()["wrong"])
    settings.DATA = tmp_path
    heartbeat.beat({"tick": "ok"})
    assert "keys of telephone numbers are missing" in " ".join(client.get("/healthz").json()["wrong"])
    monkeypatch.setattr(channels, "states", lambda: {"sms": "on", "mail": "fake"})
    assert "nothing leaves by" not in " ".join(client.get("/healthz").json()["wrong"])
