"""What waits for a head's word: who asks, in their own words, by which rule, and what follows yes and no."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from gongzhi.domains.incidents.queries import desk, desk_lines
from gongzhi.domains.incidents.queries.desk_filters import decisions as declared
from gongzhi.domains.incidents.queries.desk_filters import for_a_word
from gongzhi.domains.incidents.queries.desk_lines import Line
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.domains.incidents.queries.desk_secrets import (
    handles_only,
    kept_from_units,
    reads_words,
    sees_rating,
)
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.standing import role_table

MOST = 60  # on one page; the list holds them all
CARRIED = ("resume_on", "proposed")  # what a request names and the answer takes over


@dataclass(frozen=True)
class Kind:
    """One sort of decision as the pack tells it; ``bulk`` where several may be answered with yes at once."""

    what: str
    label: str
    yes: str
    no: str
    yes_label: str
    no_label: str
    if_yes: str
    if_no: str
    rule: str
    bulk: bool
    noted: bool = False


@dataclass(frozen=True)
class Decision:
    """One thing that waits for a word. ``ask`` is the request as this hand may read it (None: below full)."""

    row: Row
    kind: Kind
    ask: Line | None
    carried: Mapping[str, Any]


def is_head(by: Acting) -> bool:
    """Whether the hand has a morning page (the pack's roles say which do)."""
    return bool(role_table(desk.own_pack(by)).get(by.role, {}).get("morning"))


def decisions(*, by: Acting, at: datetime, limit: int = MOST) -> list[Decision]:
    """What waits at the hand's own desk for a yes or a no, first due first (eight statements at most)."""
    waits = desk.open_waits(by).filter(gate.my_desk(by), for_a_word(desk.own_pack(by), at))
    joined = waits.select_related(
        "matter", "matter__area", "matter__grid", "matter__community", "matter__street"
    )
    found = list(joined.order_by(F("due_at").asc(nulls_last=True), "id")[:limit])
    rows = rows_of([wait.matter for wait in found], by, at, found, pictured=False)
    return of_rows(rows, by, at)


def of_rows(rows: Sequence[Row], by: Acting, at: datetime) -> list[Decision]:
    """Rows with the requests their waits were opened by (five statements)."""
    ids = {row.wait.opened_by_id for row in rows if row.wait and row.level == "full"}
    entries = Entry.objects.filter(pk__in=ids).select_related("words").in_bulk() if ids else {}
    known = _known(entries.values(), rows)
    secret = kept_from_units([row.matter.pk for row in rows if handles_only(row.work, by)])
    out = []
    for row in rows:
        kind = kind_of(row.wait, row.work) if row.wait else None
        if kind is not None and row.wait is not None:
            entry = entries.get(row.wait.opened_by_id)
            out.append(Decision(row, kind, _asked(row.work, entry, known, secret, by, at), _carried(entry)))
    return out


def of_work(work: Work, by: Acting, at: datetime, what: str) -> Decision | None:
    """The request behind one open wait of a matter that is read in full; None where none stands open."""
    wait = next(iter(work.open_waits(what)), None)
    if wait is None:
        return None
    return next(iter(of_rows([Row(work, "full", wait)], by, at)), None)


def _known(entries: Iterable[Entry], rows: Sequence[Row]) -> desk_lines.Names:
    return desk_lines.names(entries, rows[0].work.process) if rows else desk_lines.Names({}, {}, {})


def _asked(
    work: Work,
    entry: Entry | None,
    known: desk_lines.Names,
    secret: Collection[int],
    by: Acting,
    at: datetime,
) -> Line | None:
    """A request as the hand may read it: who, what, and the words, where these are not kept from it."""
    if entry is None:
        return None
    words, rating = reads_words(work, by, secret), sees_rating(work, by)
    return desk_lines.tell(work, [entry], known, words=words, rating=rating, now=at)[0]


def kind_of(wait: Wait, work: Work) -> Kind | None:
    """What sort of decision a wait is, by the pack; None where it is no decision."""
    row = declared(work.matter.pack).get(wait.what)
    if row is None:
        return None
    actions, bulk = work.process.actions, packs.load(work.matter.pack).table("decisions").get("bulk", {})
    yes, no = actions.get(row.get("yes", "")), actions.get(row.get("no", ""))
    return Kind(
        wait.what,
        row["label"],
        yes.id if yes else "",
        no.id if no else "",
        yes.label if yes else "",
        no.label if no else "",
        row.get("if_yes", ""),
        row.get("if_no", ""),
        row.get("rule", ""),
        bool(yes and yes.id in bulk),
        bool(yes and any(ask.name == "note" for ask in yes.asks)),
    )


def _carried(entry: Entry | None) -> dict[str, Any]:
    facts = json.loads(entry.facts) if entry else {}
    return {name: facts[name] for name in CARRIED if name in facts}
