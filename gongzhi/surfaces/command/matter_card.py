"""The selected matter beside the queue: what it is, whose turn it is, and what this hand may do, one form open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from gongzhi.domains.incidents.queries import desk_acts, desk_form, desk_matter
from gongzhi.domains.incidents.queries.desk_acts import Act, Acts, Not
from gongzhi.domains.incidents.queries.desk_lines import Line
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.desk_rows import next_wait
from gongzhi.domains.incidents.queries.desk_secrets import asked_secrecy
from gongzhi.domains.incidents.queries.figures import kind_label
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces import act_form, lights
from gongzhi.surfaces.act_form import Drawn
from gongzhi.surfaces.command.here import Here, to_matter
from gongzhi.surfaces.command.queue import PRESSING
from gongzhi.surfaces.lights import Light

BUTTONS = 6
LINES = 3


@dataclass
class MatterCard:
    """Everything the card shows; ``faster`` and ``yours`` where somebody acted first."""

    id: str
    sheet: Sheet
    kind: str
    where: str
    light: Light | None
    supervised: bool
    buttons: tuple[tuple[str, str, bool], ...]
    drawn: Drawn | None
    refused: tuple[Not, ...]
    lines: Sequence[Line]
    faster: Sequence[Line] = ()
    yours: str = ""


def opened(matter_id: int, by: Acting, at: datetime) -> Sheet:
    """The matter as this hand may read it, in full. Http404 where it does not exist for it."""
    sheet = desk_matter.sheet(matter_id, by=by, at=at)
    if sheet is None or sheet.level != "full":
        raise Http404
    return sheet


def card(
    sheet: Sheet, here: Here, *, by: Acting, at: datetime, act: str = "", drawn: Drawn | None = None
) -> MatterCard:
    """The card with one act's form open: the one refused, the one asked for, else the likeliest pressing one."""
    acts, matter = desk_acts.acts(sheet, by=by, at=at), sheet.matter
    now = _usual(acts)
    if drawn is None and (one := _likeliest(acts, now, act)) is not None:
        drawn = form(sheet, one, by=by, at=at)
    open_act = drawn.form.act.id if drawn else ""
    wait = next_wait(sheet.work, by)
    refused = [*(drawn.form.refused if drawn else []), *acts.not_yet, *_pressing(acts, sheet)]
    return MatterCard(
        id=str(matter.pk),
        sheet=sheet,
        kind=kind_label(matter),
        where="".join(sheet.areas[one].name for one in ("community", "grid") if one in sheet.areas),
        light=lights.of(wait, at, calendar_for(matter.pack)) if wait else None,
        supervised=bool(sheet.work.open_waits("supervise_answer")),
        buttons=tuple(
            (one.label, to_matter(here, matter.pk, one.id), one.id == open_act) for one in now[:BUTTONS]
        ),
        drawn=drawn,
        refused=tuple(refused),
        lines=sheet.lines[:LINES],
    )


def form(sheet: Sheet, act: Act, *, by: Acting, at: datetime) -> Drawn:
    """An act's form, the same as on the matter's own page."""
    made = desk_form.form(sheet, act, by=by, at=at)
    return act_form.draw(made, sheet.matter.pack, secret=asked_secrecy(sheet.work))


def _usual(acts: Acts) -> list[Act]:
    """The likeliest first; what stands beside the road or is grave has the matter's page."""
    return [one for one in acts.now if one.id in PRESSING or not (one.side or one.grave)]


def _likeliest(acts: Acts, now: Sequence[Act], asked: str) -> Act | None:
    if asked:
        return acts.find(asked)
    return next(iter(now), None)


def _pressing(acts: Acts, sheet: Sheet) -> list[Not]:
    """Why sending and pressing are not this hand's; the rest of what cannot be done stands on the matter's own page."""
    labels = {
        sheet.work.process.actions[name].label for name in PRESSING if name in sheet.work.process.actions
    }
    return [one for one in acts.rest if labels & set(one.label.split("、"))]
