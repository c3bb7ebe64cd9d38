"""Upward: which matters must also stand in a platform above, what is still owed there, and what came back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.outer.models import UpperRow
from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.registry import body, guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict


def platforms(pack: Pack) -> Mapping[str, Mapping[str, Any]]:
    """The platforms above, by id."""
    found: Mapping[str, Mapping[str, Any]] = pack.table("upper").get("platform", {})
    return found


def must(matter: Matter, row: Mapping[str, Any], pack: Pack) -> bool:
    """Whether a matter must stand in a platform: its kind or one above it is named, and it is not a private one."""
    if matter.private or matter.kind != "incident":
        return False
    table, name = pack.table("categories"), matter.category
    for _ in range(6):
        if name in row["must"]:
            return True
        found = table.get("leaf", {}).get(name) or table.get("branch", {}).get(name) or {}
        name = str(found.get("parent", ""))
        if not name:
            return False
    return False


def rows_for(matter: Matter, pack: Pack, at: datetime) -> Iterator[UpperRow]:
    """A row for every platform the matter must stand in; not written yet."""
    for name, row in platforms(pack).items():
        if must(matter, row, pack):
            yield UpperRow(matter_id=matter.pk, platform=name, stage=matter.counts, since=at)


def follow(matter: Matter, at: datetime) -> None:
    """Queue a matter where it must stand; once given it is owed again when it has ended or been taken up again.

    What complains of somebody stays in the house: a platform shows a place's desks everything it has.
    """
    pack = packs.load(matter.pack)
    if not any(must(matter, row, pack) for row in platforms(pack).values()):
        return
    if Tie.objects.filter(matter=matter, role="about").exists():
        return
    standing = {row.platform: row for row in UpperRow.objects.filter(matter=matter)}
    UpperRow.objects.bulk_create(
        [row for row in rows_for(matter, pack, at) if row.platform not in standing], ignore_conflicts=True
    )
    for row in standing.values():
        owed = row.state in ("given", "taken") and row.given_stage != matter.counts
        if owed or row.stage != matter.counts:
            changed = {"state": "due", "since": at} if owed else {}
            UpperRow.objects.filter(pk=row.pk).update(stage=matter.counts, **changed)


@guard("in_platform")
def in_platform(deed: Deed) -> Verdict:
    """The matter stands, or must stand, in a platform above."""
    rows = UpperRow.objects.filter(matter=deed.matter.pk)
    named = deed.said.get("platform")
    there = (rows.filter(platform=named) if named else rows).exists()
    return YES if there else Denied("这件事不用进上级平台。")


@body("incident", "upper_given")
def upper_given(deed: Deed) -> None:
    """It stands in a sheet that was handed over, with the state it had then."""
    counts = deed.matter.counts
    _change(deed, state="given", given_stage=counts, stage=counts, given_at=deed.at, why="")


@body("incident", "upper_taken")
def upper_taken(deed: Deed) -> None:
    """They have it: their number and state are kept."""
    number = {"number": deed.said["upper_no"]} if deed.said.get("upper_no") else {}
    row = UpperRow.objects.filter(matter=deed.matter.pk, platform=deed.said["platform"])
    owed = row.values_list("state", "given_stage").first() or ("", "")
    state = (
        "due" if owed[0] == "due" and owed[1] else "taken"
    )  # what it became since they were told is still owed
    _change(deed, state=state, there=deed.said.get("upper_state", ""), why="", **number)


@body("incident", "upper_refused")
def upper_refused(deed: Deed) -> None:
    """They gave it back: owed again, with their reason beside it."""
    why = deed.words.get("outer_why", "")[:120]
    _change(deed, state="refused", there=deed.said.get("upper_state", ""), why=why)


def _change(deed: Deed, **changed: object) -> None:
    rows = UpperRow.objects.filter(matter=deed.matter.pk, platform=deed.said["platform"])
    deed.after_rows(lambda: rows.update(**changed))
