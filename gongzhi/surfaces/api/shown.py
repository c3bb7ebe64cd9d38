"""Matters as the API shows them, each no fuller than the hand may read."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.queries.desk_lines import Line as Told
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel import packs
from gongzhi.kernel.models import Entry, Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.versions import pinned


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


def detail(sheet: Sheet) -> dict[str, Any]:
    """A matter by itself, as the desk's page has it: words, pictures and lines no fuller than this hand may read."""
    matter, level = sheet.matter, sheet.level
    shown = line(matter, level) | {"seen": matter.seq, "summary": sheet.summary or None}
    if level == "task":
        return shown
    shown["awaited"] = [_awaited(wait, sheet.work) for wait in sheet.work.open_waits()]
    shown["steps"] = [_step(one) for one in sheet.lines]
    if level != "full":
        return shown
    shown["point"] = [matter.lat, matter.lon] if matter.lat is not None and matter.lon is not None else None
    shown["words"] = None if sheet.sealed else sheet.own_words
    files = [*sheet.photos, *sheet.voices, *sheet.after_photos]
    shown["pictures"] = [{"id": str(one.pk), "kind": one.kind, "media_type": one.media_type} for one in files]
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


def _step(told: Told) -> dict[str, Any]:
    """One entry told; a rating stands in it only for who decides on rework."""
    return {
        "seq": told.seq,
        "at": told.at,
        "verb": told.verb,
        "who": told.who,
        "sentence": told.sentence,
        "words": [{"label": label, "text": text} for label, text in told.words],
        "hash": told.short,
    }
