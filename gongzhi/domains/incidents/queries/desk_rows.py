"""Rows of a desk's lists: matters with ties and waits, each as far as the hand may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries.desk_secrets import handles_only, reads_words, secret_receipts
from gongzhi.kernel.ledger.models import Attachment
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.desks import CLOCK
from gongzhi.kernel.process.models import Matter, Tie, Wait
from gongzhi.kernel.process.standing import FOLLOWER, at_desk
from gongzhi.kernel.process.versions import pinned

REPORTERS_OWN = ("rate",)


@dataclass(frozen=True)
class Row:
    """One line of a list: the matter as far as this hand may read it, and the wait its light is made from."""

    work: Work
    level: str
    wait: Wait | None
    photos: tuple[int, ...] = ()

    @property
    def matter(self) -> Matter:
        """The matter itself."""
        return self.work.matter

    @property
    def supervised(self) -> bool:
        """Whether a supervision order is being answered."""
        return bool(self.work.open_waits("supervise_answer"))


def rows_of(
    matters: Sequence[Matter],
    by: Acting,
    at: datetime,
    waits: Sequence[Wait] | None = None,
    *,
    pictured: bool = True,
) -> list[Row]:
    """Rows of matters the hand may read, others left out (three statements; two without pictures)."""
    works = works_of(matters)
    levels = {pk: gate.level_of(work, by) for pk, work in works.items()}
    seen = [pk for pk, level in levels.items() if level == "full" and reads_words(works[pk], by, kept=())]
    photos = _photos(seen, [pk for pk in seen if handles_only(works[pk], by)]) if pictured else {}
    rows = []
    for place, matter in enumerate(matters):
        level = levels[matter.pk]
        if level is not None:
            wait = waits[place] if waits is not None else next_wait(works[matter.pk], by)
            rows.append(Row(works[matter.pk], level, wait, photos.get(matter.pk, ())))
    return rows


def works_of(matters: Sequence[Matter]) -> dict[int, Work]:
    """Matters with their living ties and open waits (two statements for any number)."""
    ids = {matter.pk for matter in matters}
    ties: dict[int, list[Tie]] = {}
    waits: dict[int, list[Wait]] = {}
    if ids:
        for tie in Tie.objects.filter(matter__in=ids, until=None).exclude(role=FOLLOWER).order_by("pk"):
            ties.setdefault(tie.matter_id, []).append(tie)
        for wait in Wait.objects.filter(matter__in=ids, ended_at=None).order_by("pk"):
            waits.setdefault(wait.matter_id, []).append(wait)
    return {
        one.pk: Work(one, pinned(one.process_id), ties.get(one.pk, []), waits.get(one.pk, []))
        for one in matters
    }


def _photos(ids: Sequence[int], handled: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Photos by matter; of those only handled here, none whose reporter asked for secrecy (one statement)."""
    found: dict[int, tuple[int, ...]] = {}
    if ids:
        rows = Attachment.objects.filter(matter__in=ids, kind="photo", removed_at=None).order_by("pk")
        if handled:
            rows = rows.exclude(matter__in=secret_receipts(handled).values("matter"))
        for matter_id, pk in rows.values_list("matter_id", "pk"):
            found[matter_id] = (*found.get(matter_id, ()), pk)
    return found


def next_wait(work: Work, by: Acting) -> Wait | None:
    """The wait a matter's light is made from: the hand's own, else the one due first; never the reporter's rating."""
    ours = [wait for wait in work.open_waits() if wait.what not in REPORTERS_OWN and wait.desk_role != CLOCK]
    waits = [wait for wait in ours if wait.due_at]
    own = [wait for wait in waits if at_desk(wait, by, work.matter.pack)]
    return min(own or waits, key=lambda wait: (wait.due_at, wait.pk), default=None)
