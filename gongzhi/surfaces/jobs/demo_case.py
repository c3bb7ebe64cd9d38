"""One matter of the demonstration: who is there, what is said, and acting through the real door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.actions import Contact, Report, Reported
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.surfaces.jobs.demo_photos import VARIANTS, photo
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage

CHANNELS = {"portal": 62, "patrol": 16, "phone": 8, "hotline": 6, "chat": 5, "desk": 3}
WHO_MAY_SEE = {"all": 60, "community_only": 22, "sealed_from_grid": 6, "none": 12}
POINT_SOURCES = ["code", "phone", "typed", "last", "map"]
STALLED = timedelta(days=9)
PHONE = "1990000{:04d}"


@dataclass(frozen=True)
class Spot:
    """Where a matter happens: the grid or building, the place in words, a point (lat, lon)."""

    grid: Area
    area: Area
    place: str
    point: tuple[float, float] | None


@dataclass
class Case:
    """A matter in the making: its kind (a row of the sheet), its spot, and what has become of it.

    A staged case has its ``path`` laid (what happens to it and what does not), goes at a quicker ``pace``, and
    stands still before any action named in ``stop``, so that whoever tries the demonstration finds it to do.
    """

    stage: Stage
    kind: dict[str, Any]
    spot: Spot
    channel: str = "portal"
    told: Reported | None = None
    variant: int = 0
    reworked: bool = False
    path: Mapping[str, bool] = field(default_factory=dict)
    stop: tuple[str, ...] = ()
    pace: float = 1.0

    @property
    def sheet(self) -> dict[str, Any]:
        """All sentences of the demonstration."""
        return sheet("matters")

    def chance(self, share: float, what: str = "") -> bool:
        """Whether something happens this time; a laid path decides for all that has a name."""
        if self.path and what:
            return self.path.get(what, what in ("quick", "granted", "by_grid"))
        return self.stage.dice.random() < share

    def maybe_stalled(self, share: float) -> None:
        """Now and then nobody acts any more on what is young: the lists show it as overdue."""
        if self.stage.last - self.stage.now < STALLED and self.chance(share, "stalled"):
            raise Ended("")

    def after(self, least: float, most: float) -> datetime:
        """Some office hours from now, at this case's pace."""
        return self.stage.after(least * self.pace, most * self.pace)

    def later(self, least: float, most: float) -> datetime:
        """Some clock hours from now, at this case's pace, never at night."""
        return self.stage.later(least * self.pace, most * self.pace)

    def one(self, words: Sequence[str]) -> str:
        """One of several sentences, the day filled in."""
        return self.stage.dice.choice(words).format(day=self.stage.day_said()) if words else ""

    def hand(self, role: str) -> Acting:
        """The hand of a role over this place: grid, community, street or district."""
        level = str(self.stage.world.pack.table("roles")["role"][role]["level"])
        return self.stage.world.at(role, self.stage.world.above(self.spot.grid, level))

    def unit(self, duty: str) -> Organisation | None:
        """Who holds a duty here."""
        return self.stage.world.unit(duty, self.spot.grid)

    @property
    def mine(self) -> Acting | None:
        """The reporter's own hand, where they reported from their own phone."""
        if self.told is None or self.told.tie_id is None or self.channel != "portal":
            return None
        return Acting.receipt(self.told.tie_id, self.told.matter.pk)

    def act(self, action: str, by: Acting, **said: Any) -> None:
        """Take an action; a refusal ends the story and is kept for the log."""
        assert self.told is not None
        if action in self.stop:
            raise Ended("")
        try:
            actions.take(self.told.matter.pk, action, by=by, at=self.stage.now, **said)
        except Refusal as refusal:
            raise Ended(f"{self.kind['leaf']} {action}: {refusal.sentence}") from refusal

    def report(self) -> None:
        """The matter is reported, by whom the channel says."""
        self.told = self._opened(None)
        if self.told.digits:
            self.stage.receipts.append((self.told.matter.number, self.told.digits))

    def solve_on_spot(self, done: str) -> None:
        """Found and solved by the same hand."""
        self.told = self._opened(done)

    def _opened(self, done: str | None) -> Reported:
        self.variant = self.stage.dice.randrange(VARIANTS)
        key, by, at = f"{self.stage.dice.getrandbits(128):032x}", self._reporter(), self.stage.now
        try:
            if done is None:
                return actions.report(self._report(), by=by, at=at, key=key)
            return actions.solve_on_spot(
                self._report(), done, self.pictures(after=True), by=by, at=at, key=key
            )
        except Refusal as refusal:
            raise Ended(f"{self.kind['leaf']} report: {refusal.sentence}") from refusal

    def pictures(self, *, after: bool = False, share: float = 0.6) -> list[Any]:
        """A drawing of the kind, or none."""
        drawn = photo(self.kind.get("photo", ""), self.variant, after=after) if self.chance(share) else None
        return [drawn] if drawn is not None else []

    def _reporter(self) -> Acting:
        hands = {
            "patrol": "grid_worker",
            "chat": "grid_worker",
            "phone": "community_desk",
            "desk": "community_desk",
        }
        if self.channel == "portal":
            return Acting.public("portal")
        return self.hand(hands.get(self.channel, "hotline_clerk"))

    def _report(self) -> Report:
        words = self.one(self.kind["says"])
        if self.channel in ("patrol", "chat"):
            words = f"{self.one(self.sheet['worker_found'])}{words}"
        contact = self._contact()
        return Report(
            area=self.spot.area,
            words=words,
            category=self.kind["leaf"],
            suggested=self.kind["leaf"],
            place=self.spot.place,
            point=self.spot.point,
            point_source=self.stage.dice.choice(POINT_SOURCES) if self.spot.point else "",
            about=tuple(self.kind.get("about", ())),
            contact=contact,
            photos=tuple(self.pictures()),
            channel=self.channel,
            urgency=self.kind.get("urgency", "normal"),
            consent=bool(contact.phone) and self.channel != "portal",
        )

    def _contact(self) -> Contact:
        dice = self.stage.dice
        if self.path.get("rung"):
            return Contact(PHONE.format(dice.randrange(10_000)), "all", False, "call")
        if self.channel in ("patrol", "chat") or dice.random() < 0.25:
            return Contact()
        who = dice.choices(list(WHO_MAY_SEE), list(WHO_MAY_SEE.values()))[0]
        if self.channel != "portal" and who == "sealed_from_grid":
            who = "all"
        told = "call" if dice.random() < 0.1 else "sms"
        wants = self.channel == "portal" and who == "all" and dice.random() < 0.06
        return Contact(PHONE.format(dice.randrange(10_000)), who, wants, told)


def place_spot(stage: Stage, where: str, grid: Area, places: Sequence[Place]) -> Spot:
    """A spot in a grid: at a building, beside an estate, or in a village."""
    dice, table = stage.dice, sheet("matters")
    buildings = [place for place in places if place.kind == "building"]
    chosen = dice.choice(buildings or list(places)) if places else None
    community = stage.world.above(grid, "community").name
    bare = community.removesuffix("社区").removesuffix("村") or community
    if where == "town":
        where = dice.choice(["estate", "road"])
    label = chosen.label if chosen else community
    said = {
        "building": label,
        "estate": label.split(" ")[0],
        "community": community if where == "village" else bare,
    }
    words = dice.choice(table[f"spots_{where}"]).format(**said)
    at_home = where == "estate" and chosen is not None and chosen.kind == "building"
    point = (chosen.lat, chosen.lon) if chosen and chosen.lat is not None and chosen.lon is not None else None
    return Spot(grid, chosen.area if at_home and chosen else grid, words, point)
