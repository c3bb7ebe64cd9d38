"""``/metrics``: what an operator watches, for the operator alone, and nobody's person, number or words in it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.kernel.ledger import seal
from gongzhi.site import metrics
from gongzhi.surfaces.jobs import heartbeat
from tests.cast import MORNING, Cast

pytestmark = pytest.mark.django_db


def figures(client: Client, **more: str) -> dict[str, float]:
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_what_stands_is_counted_when_asked(client: Client, cast: Cast) -> None:
    before = figures(client)
    cast.snap()
    seal.seal(MORNING + timedelta(hours=1))
    heartbeat.beat({"tick": "ok", "seal": "CannotSign"}, {"tick": timezone.now().timestamp() - 30})
    after = figures(client)
    assert after["gongzhi_waits_open"] > before["gongzhi_waits_open"]
    assert after["gongzhi_waits_overdue"] <= after["gongzhi_waits_open"]
    assert after["gongzhi_entries_unsealed"] == 0 and after["gongzhi_seal_age_seconds"] > 0
    assert after['gongzhi_deliveries{state="pending"}'] >= 0 and 'gongzhi_deliveries{state="stuck"}' in after
    assert 25 < after['gongzhi_job_age_seconds{job="tick"}'] < 90
    assert (after['gongzhi_job_failed{job="seal"}'], after['gongzhi_job_failed{job="tick"}']) == (1, 0)
    assert after["gongzhi_database_bytes"] > 100_000 and after["gongzhi_data_free_bytes"] > 0
    assert after["gongzhi_phone_codes_left_day"] > 0
    assert after["gongzhi_backup_age_seconds"] == float("inf")
    assert any(name.startswith("gongzhi_info{") and 'version="' in name for name in after)


def test_requests_are_counted_by_route_never_by_address(client: Client, cast: Cast) -> None:
    told = cast.snap("路灯不亮，找张老三")
    client.get(f"/follow/{told.matter.number}/")
    client.get("/?who=13812341234")
    client.get("/metrics")
    text = client.get("/metrics").content.decode()
    assert re.search(
        r'gongzhi_requests_total\{method="GET",route="/follow/<str:number>/",status="\d+"\} [1-9]', text
    )
    client.generic("BREW1", "/")
    assert "BREW" not in client.get("/metrics").content.decode(), "a made-up method opens no series"
    assert 'gongzhi_request_seconds_bucket{le="0.1",route="/"}' in text
    for never in (told.matter.number, "张老三", "13812341234", "127.0.0.1", 'route="/metrics"'):
        assert never not in text


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "10.1.2.3"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_REAL_IP": "10.1.2.3"},
        {"HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_nobody_from_elsewhere(client: Client, settings, more: dict[str, str]) -> None:
    if "HTTP_AUTHORIZATION" in more:
        settings.METRICS_TOKEN = "a-long-word"
    assert client.get("/metrics", **more).status_code == 404


def test_whoever_has_the_token(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a-long-word"
    assert figures(client, REMOTE_ADDR="10.1.2.3", HTTP_AUTHORIZATION="Bearer a-long-word")
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer a-long-wird").status_code == 404
    assert client.get("/metrics").status_code == 404


def test_a_further_figure_and_one_that_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(metrics.more_gauges, "gongzhi_sms_left", ("Messages left today.", lambda: 17))
    monkeypatch.setitem(metrics.more_gauges, "gongzhi_broken", ("Fails.", lambda: 1 / 0))
    seen = figures(client)
    assert seen["gongzhi_sms_left"] == 17 and "gongzhi_broken" not in seen


def test_the_senders_address_is_believed_from_a_known_proxy_alone(
    client: Client, settings, monkeypatch
) -> None:
    """A resident cannot choose an address to be counted under, and cannot come home through the proxy."""
    settings.PROXIES = ["127.0.0.1"]
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1, 10.1.2.3").status_code == 404
    from django.http import HttpResponse
    from django.test import RequestFactory

    from gongzhi.site.address import real_address

    seen: list[str] = []
    answer = real_address(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())
    ask = RequestFactory().get
    answer(ask("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.1.2.3", REMOTE_ADDR="127.0.0.1"))
    answer(ask("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.1.2.3, 127.0.0.1", REMOTE_ADDR="127.0.0.1"))
    answer(ask("/", HTTP_X_FORWARDED_FOR="1.1.1.1", REMOTE_ADDR="10.9.9.9"))
    answer(ask("/", REMOTE_ADDR="127.0.0.1"))
    assert seen == ["10.1.2.3", "10.1.2.3", "10.9.9.9", "127.0.0.1"]
