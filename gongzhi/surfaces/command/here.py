"""Where one stands on the page: area, period, measure, view, grid and list chosen; each link changes one of them."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from gongzhi.domains.incidents.queries.lists import PERIODS
from gongzhi.kernel.territory.models import Area

MEASURES = {"open": "在办", "late": "超期", "new": "{}新增", "on_time": "{}按期率"}
TABS = ("late", "mine")
VIEWS = ("map", "list")
USUAL = {"p": "30", "m": "open", "view": "", "grid": "", "tab": "late"}


@dataclass(frozen=True)
class Here:
    """The standing, as the address says it. ``view`` is "" until somebody chooses."""

    area: Area
    days: int = 30
    measure: str = "open"
    view: str = ""
    grid: str = ""
    tab: str = "late"

    def to(self, **other: Any) -> str:
        """The address with one thing changed: ``?area=7&m=late``; what is usual is left out."""
        to = replace(self, **other)
        said = {"p": str(to.days), "m": to.measure, "view": to.view, "grid": to.grid, "tab": to.tab}
        more = {name: value for name, value in said.items() if value != USUAL[name]}
        return f"?{urlencode({'area': to.area.pk, **more})}"

    @property
    def address(self) -> str:
        """The page as it stands."""
        return self.to()

    @property
    def measures(self) -> list[tuple[str, str, str]]:
        """(id, label, address) of the four measures."""
        return [(name, measure_label(name, self.days), self.to(measure=name)) for name in MEASURES]

    @property
    def periods(self) -> list[tuple[int, str, str]]:
        """(days, label, address) of the three periods."""
        return [(days, label, self.to(days=days)) for days, label in PERIODS.items()]

    @property
    def views(self) -> dict[str, str]:
        """The two views' addresses."""
        return {name: self.to(view=name) for name in VIEWS}

    @property
    def tabs(self) -> dict[str, str]:
        """The two lists' addresses."""
        return {name: self.to(tab=name) for name in TABS}

    @property
    def period(self) -> str:
        """``今天`` or ``近 30 天``."""
        return period(self.days)


def period(days: int) -> str:
    """``今天`` or ``近 30 天``."""
    return PERIODS[days] if days == 1 else f"近 {PERIODS[days]}"


def before(days: int) -> str:
    """``昨天`` or ``前 30 天``."""
    return "昨天" if days == 1 else f"前 {PERIODS[days]}"


def measure_label(name: str, days: int) -> str:
    """``7 天新增``."""
    return MEASURES[name].format(PERIODS[days] if name == "new" else "")


def days_of(request: HttpRequest, usual: int = 30) -> int:
    """The period asked for, in days."""
    asked = request.GET.get("p", "")
    return int(asked) if asked.isdecimal() and int(asked) in PERIODS else usual


def here(request: HttpRequest, area: Area) -> Here:
    """What the address asks for; what it asks wrongly is as if it had not."""
    asked = request.GET
    measure, view, tab = asked.get("m", "open"), asked.get("view", ""), asked.get("tab", "late")
    return Here(
        area=area,
        days=days_of(request),
        measure=measure if measure in MEASURES else "open",
        view=view if view in VIEWS else "",
        grid=asked.get("grid", "") if asked.get("grid", "").isdecimal() else "",
        tab=tab if tab in TABS else "late",
    )


def to_matter(here: Here, matter_id: int | str, act: str = "") -> str:
    """The address of a matter's card, with an act's form open where one is named."""
    return f"/command/m/{matter_id}/{f'do/{act}/' if act else ''}{here.address}#map"
