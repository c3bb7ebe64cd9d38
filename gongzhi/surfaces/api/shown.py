"""Matters as the API shows them, each no fuller than the hand may read."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.queries.files import keeps_words_from
from gongzhi.domains.incidents.queries.follow import words_of
from gongzhi.kernel import packs
from gongzhi.kernel.models import Attachment, Entry, Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.versions import pinned

REPORTERS_OWN = ("report", "add", "again")


def levels_of(ids: Sequence[int], *, by: Acting, at: datetime) -> dict[int, str]:
    """How much of each matter of a page the actor may read (two statements for any number)."""
    found: dict[int, str] = {}
    for level in ("task", "full"):  # the fuller one wins
        rows = gate.visible(by=by, at=at, levels=(level,)).filter(pk__in=ids)
        found |= dict.fromkeys(rows.values_list("pk", flat=True), level)
    return found


def line(matter: Matter, level: str) -> dict[str, Any]:
    """A matter in a list: number, kind, stage and dates to all; the place to who goes there; the title to full."""
    stage = pinned(matter.process_id).stages[matter.stage]
    leaf = packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "")
    return {
        "id": str(matter.pk),
        "number": matter.number,
        "kind": matter.kind,
        "reading": level,
        "stage": {"id": stage.id, "label": stage.label},
        "category": {"id": matter.category, "label": leaf},
        "title": matter.title if level == "full" else None,
        "place": matter.place if level in ("full", "task") else None,
        "street": matter.street.name if matter.street else None,
        "community": matter.community.name if matter.community and level != "summary" else None,
        "opened_at": matter.opened_at,
        "promised_at": matter.promised_at if level != "task" else None,
        "closed_at": matter.closed_at,
    }


def detail(work: Work, level: str, *, by: Acting, at: datetime) -> dict[str, Any]:
    """A matter by itself; words, pictures and steps only to who reads it in full, and not where secrecy was asked."""
    matter = work.matter
    shown = line(matter, level) | {"seen": matter.seq}
    if level == "task":
        return shown
    shown["awaited"] = [_awaited(wait, work) for wait in work.open_waits()]
    if level != "full":
        return shown
    entries = list(Entry.objects.filter(matter=matter).select_related("words").order_by("seq"))
    kept = keeps_words_from(matter.pk, by, work.holder_id)
    shown["point"] = [matter.lat, matter.lon] if matter.lat is not None and matter.lon is not None else None
    shown["words"] = None if kept else _written(entries, "words", REPORTERS_OWN)
    shown["summary"] = _written(entries, "summary", ("accept", "dispatch"))
    shown["pictures"] = _pictures(matter, entries, kept)
    shown["steps"] = [_step(entry, work) for entry in entries]
    return shown


def taken(entry: Entry, work: Work) -> dict[str, Any]:
    """The entry an act made; nothing of the matter that the hand may no longer read."""
    stage = work.process.stages[entry.after]
    return {
        "entry": str(entry.pk),
        "matter": str(entry.matter_id),
        "number": work.matter.number,
        "seq": entry.seq,
        "at": entry.at,
        "stage": {"id": stage.id, "label": stage.label},
        "hash": entry.hash,
    }


def _awaited(wait: Wait, work: Work) -> dict[str, Any]:
    pauses = json.loads(wait.pauses)
    return {
        "what": {"id": wait.what, "label": work.process.waits.get(wait.what, wait.what)},
        "since": wait.since,
        "due_at": wait.due_at,
        "provisional": wait.provisional,
        "paused": bool(pauses) and not pauses[-1].get("until"),
    }


def _written(entries: Sequence[Entry], name: str, verbs: Sequence[str]) -> str | None:
    """The last thing written under a name with one of these verbs."""
    found = [words_of(entry).get(name) for entry in entries if entry.verb in verbs]
    return next((text for text in reversed(found) if text), None)


def _pictures(matter: Matter, entries: Sequence[Entry], kept: bool) -> list[dict[str, Any]]:
    own = {entry.pk for entry in entries if entry.verb in REPORTERS_OWN} if kept else set()
    rows = Attachment.objects.filter(matter=matter, removed_at=None).order_by("pk")
    return [
        {"id": str(row.pk), "kind": row.kind, "media_type": row.media_type}
        for row in rows
        if row.entry_id not in own
    ]


def _step(entry: Entry, work: Work) -> dict[str, Any]:
    """What was done and when. Neither facts nor words: a rating is read where rework is decided, not here."""
    action = work.process.actions.get(entry.verb)
    return {
        "seq": entry.seq,
        "at": entry.at,
        "verb": {"id": entry.verb, "label": action.label if action else entry.verb},
        "stage": entry.after,
        "hash": entry.hash,
    }
