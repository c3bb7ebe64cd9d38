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
    assert not any(send(8, device="d", phone="t", address="a"))


def test_the_ninth_report_of_a_device_or_a_number_is_looked_at():
    assert send(9, device="d")[-1] and send(9, phone="t")[-1]


def test_after_half_an_hour_it_counts_anew():
    send(9, device="d")
    assert not send(1, device="d", at=NOW + timedelta(minutes=31))[0]


def test_an_estate_behind_one_address_may_send_two_hundred():
    assert not any(limits.over("address", "a", limits.ADDRESS, NOW) for _ in range(200))
    assert limits.over("address", "a", limits.ADDRESS, NOW)


def test_nobody_known_is_never_over():
    assert not any(send(50))


def test_a_flood_from_one_address_has_to_wait():
    assert [limits.flooding("a", NOW) for _ in range(601)].count(True) == 1


def test_the_memory_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    for n in range(500):
        limits.over("device", str(n), limits.DEVICE, NOW)
    assert len(limits._seen) == 100
