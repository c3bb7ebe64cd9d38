"""The command centre at three in the afternoon: who sits down before it, and what they read."""

from collections.abc import Callable

import pytest
from django.test import Client

from gongzhi.kernel.territory import svg
from tests.cast import Cast, clock

NOW = clock("2026-11-20 15:00")
Sitting = Callable[[str], Client]


@pytest.fixture(autouse=True)
def at_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of these pages stands at three in the afternoon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    svg._drawn.cache_clear()  # drawings are kept until the territory's register grows; tests build it past that


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    """Seat somebody of the cast, by name."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name])
        return client

    return sign_in


def text_of(response: object) -> str:
    """An answer's text."""
    return response.content.decode()  # type: ignore[attr-defined]
