"""What was sent with a request: an empty parameter is an absent one; each fault is a sentence that names it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime

from gongzhi.surfaces.api.open311.refusals import Missing

ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](\[\])?")
NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
LONGEST = 4000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Asked:
    """The parameters of a request, of the body before those of the address."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._rows: dict[str, list[str]] = {}
        for given in (request.GET, request.POST):
            for name, values in given.lists():
                said = [one for one in (_clean(value) for value in values) if one]
                if said:
                    self._rows[name] = said

    def get(self, name: str) -> str:
        """What was said, trimmed; "" where nothing was."""
        return self._rows.get(name, [""])[0]

    def need(self, name: str) -> str:
        """What was said; Missing where nothing was."""
        said = self.get(name)
        if not said:
            raise Missing(f"缺 {name}。")
        return said

    def several(self, name: str) -> list[str]:
        """A comma list, each once, in its order."""
        every = [one.strip() for said in self._rows.get(name, []) for one in said.split(",")]
        return list(dict.fromkeys(one for one in every if one))

    def attributes(self) -> dict[str, list[str]]:
        """``attribute[code]=…`` and ``attribute[code][]=…`` by code."""
        found: dict[str, list[str]] = {}
        for name, values in self._rows.items():
            if match := ATTRIBUTE.fullmatch(name):
                found.setdefault(match[1], []).extend(values)
        return found

    def words(self, name: str = "description") -> str:
        """What somebody wrote, at most 4,000 signs."""
        said = self.get(name)
        if len(said) > LONGEST:
            raise Missing(f"{name} 最多 {LONGEST} 个字，现在有 {len(said)} 个。")
        return said

    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude), WGS-84; None where neither was said."""
        if not self.get("lat") and not self.get("long"):
            return None
        lat, lon = (_degrees(name, self.need(name), most) for name, most in (("lat", 90), ("long", 180)))
        return lat, lon

    def moment(self, name: str) -> datetime | None:
        """A moment with its offset; without one it is UTC, a bare day begins at its midnight."""
        said = self.get(name)
        if not said:
            return None
        try:
            day = parse_date(said)
            found = datetime(day.year, day.month, day.day) if day else parse_datetime(said.replace(" ", "+"))
        except ValueError:
            found = None
        if found is None:
            raise Missing(f"{name} 要写成 2026-11-22T08:00:00+08:00 这样。")
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def whole(self, name: str, usual: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        said = self.get(name)
        if not said:
            return usual
        if not (said.isascii() and said.isdecimal() and least <= int(said[:9]) <= most):
            raise Missing(f"{name} 要写 {least} 到 {most} 的整数。")
        return int(said)

    def files(self, name: str) -> Iterable[Any]:
        """Files sent under a name."""
        return self.request.FILES.getlist(name)


def span(
    since: datetime | None, until: datetime | None, days: int, at: datetime
) -> tuple[datetime, datetime]:
    """The period asked for: at most ``days``; an open end is ``days`` from the other, or the days up to now."""
    longest = timedelta(days=days)
    last = until or (min(at, since + longest) if since else at)
    first = since or last - longest
    if first > last:
        raise Missing("start_date 在 end_date 后面。")
    if last - first > longest:
        raise Missing(f"start_date 到 end_date 最多 {days} 天，请分几次要。")
    return first, last


def _clean(value: str) -> str:
    return _CONTROL.sub("", value).encode("utf-8", "ignore").decode().strip()


def _degrees(name: str, said: str, most: int) -> float:
    if not NUMBER.fullmatch(said) or abs(float(said)) > most:
        raise Missing(f"{name} 要写十进制的度（WGS-84），如 40.95。")
    return float(said)
