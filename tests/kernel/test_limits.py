"""Limits count by device and number first; an estate behind one address is not punished."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.kernel.people import limits

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty():
    limits.forget()


def send(times, *, device="", phone="", address="", at=NOW):
    return [
        limits.report_over_limit(device=device, phone_tag=phone, address=address, at=at) for _ in range(times)
    ]


def test_a_household_in_a_storm_stays_under_the_limit():
    assert not any(send(10, device="d", phone="t", address="a"))


def test_the_eleventh_report_of_a_device_or_a_number_is_looked_at():
    assert send(11, device="d")[-1] and send(11, phone="t")[-1]


def test_a_device_counts_anew_after_an_hour_and_a_number_after_a_day():
    send(11, device="d", phone="t")
    assert not send(1, device="d", at=NOW + timedelta(minutes=61))[0]
    assert send(1, phone="t", at=NOW + timedelta(minutes=61))[0]
    assert not send(1, phone="t", at=NOW + timedelta(hours=26))[0]


def test_the_pack_says_how_often():
    said = limits.public()
    assert (said["device"].most, said["number"].within) == (10, timedelta(days=1))


def test_an_estate_behind_one_address_may_send_two_hundred():
    assert not any(limits.over("address", "a", limits.public()["address"], NOW) for _ in range(200))
    assert limits.over("address", "a", limits.public()["address"], NOW)


def test_nobody_known_is_never_over():
    assert not any(send(50))


def test_a_flood_from_one_address_has_to_wait():
    assert [limits.flooding("a", NOW) for _ in range(601)].count(True) == 1


def test_the_memory_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    for n in range(500):
        limits.over("device", str(n), limits.FLOOD, NOW)
    assert len(limits._seen) == 100
