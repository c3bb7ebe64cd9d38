"""Somebody of the cast sitting at the workbench, at a moment the test chooses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from gongzhi.kernel.models import Matter
from gongzhi.kernel.people import limits
from tests.cast import MORNING, Cast, clock, key

PASSWORD = "a long word for tests"


class Desk:
    """A browser with somebody signed in: pages by path, acts by name."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.person, self.client = cast.people[name], Client()
        self.person.set_password(PASSWORD)
        self.person.save()
        answer = self.sign_in()
        assert answer.status_code == 302, answer.content.decode()

    def sign_in(self) -> Any:
        """Through the sign-in page."""
        return self.client.post("/desk/login/", {"login": self.person.login, "password": PASSWORD})

    def page(self, path: str = "") -> str:
        """A page's text."""
        answer = self.client.get(f"/desk/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    def matter(self, matter: Matter) -> str:
        """A matter's page."""
        return self.page(f"m/{matter.pk}/")

    def status(self, path: str, said: dict[str, Any] | None = None) -> int:
        """The status of a page, or of a form sent there."""
        url = f"/desk/{path}"
        answer = self.client.get(url) if said is None else self.client.post(url, said)
        return int(answer.status_code)

    def take(self, matter: Matter, act: str, **said: Any) -> Any:
        """Send an act's form, with the entry last seen unless said otherwise."""
        seen = Matter.objects.values_list("seq", flat=True).get(pk=matter.pk)
        form = {"seen": seen, "key": key(), **said}
        return self.client.post(f"/desk/m/{matter.pk}/do/{act}/", form)


Sit = Callable[..., Desk]


class Clock:
    """The clock the surfaces read."""

    def __init__(self) -> None:
        self.now = MORNING

    def set(self, text: str) -> datetime:
        """Move to a moment said as people say it."""
        self.now = clock(text)
        return self.now


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until the test moves it."""
    kept = Clock()
    kept.set("2026-11-20 10:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: kept.now)
    limits.forget()
    return kept


@pytest.fixture
def sit(cast: Cast, hour: Clock) -> Sit:
    """Seat somebody of the cast at a desk."""
    return lambda name: Desk(cast, name)
