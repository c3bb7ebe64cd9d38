"""Suggestions beside each other: the pack's word rules first, then what the district's own decisions taught."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Length

from gongzhi.domains.incidents import learned
from gongzhi.domains.incidents.models import Training
from gongzhi.domains.incidents.suggest import Suggestion, fold, suggest
from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory.models import Area

SHOWN = 3
TRAININGS = 12
_models: dict[int, tuple[int, learned.Model]] = {}


@dataclass(frozen=True)
class Measured:
    """One set of texts: how many, and how often each way was right (of ``texts``)."""

    name: str
    texts: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Trained:
    """One training as the settings page shows it."""

    row: Training
    measured: list[Measured]


def suggestions(words: str, pack: Pack, district: Area | None) -> list[Suggestion]:
    """At most three kinds, each with its reason: the word rules', and the learned one where it is sure and another."""
    ruled = suggest(words, pack, SHOWN)
    own = _own(words, pack, district.pk if district else None)
    if own is None or own.leaf in {one.leaf for one in ruled[:2]}:
        return ruled
    rest = [one for one in ruled[1:] if one.leaf != own.leaf]
    return [*ruled[:1], own, *rest][:SHOWN]


def another(words: str, matter: Matter) -> Suggestion | None:
    """For a desk that may correct: the kind the model is sure of, where it is another than the one that stands."""
    own = None if matter.private else _own(words, packs.load(matter.pack), matter.district_id)
    return own if own is not None and own.leaf != matter.category else None


def _own(words: str, pack: Pack, district_id: int | None) -> Suggestion | None:
    """The kind the district's model is sure of, with what in the text speaks for it (one statement)."""
    model = current(district_id) if district_id is not None and words.strip() else None
    best = next(iter(learned.suggest(fold(words), model, 1)), None) if model is not None else None
    leaf = pack.table("categories").get("leaf", {}).get(best.leaf, {}) if best is not None else {}
    sure = pack.get("learned.suggestion.kind.sure", 1)
    if best is None or best.sure < sure or not best.pieces or not leaf or leaf.get("private"):
        return None
    named = "".join(f"“{piece}”" for piece in best.pieces)
    return Suggestion(best.leaf, leaf["label"], f"本区以往写{named}的，多是这一类", learned=True)


def current(district_id: int) -> learned.Model | None:
    """The district's model as it stands; kept in memory until a newer one is there."""
    rows = Training.objects.filter(district=district_id).exclude(done_at=None).order_by("-id")
    newest = rows.annotate(bytes=Length("model")).filter(bytes__gt=0).values_list("pk", flat=True).first()
    if newest is None:
        _models.pop(district_id, None)
        return None
    kept = _models.get(district_id)
    if kept is None or kept[0] != newest:
        data = Training.objects.values_list("model", flat=True).get(pk=newest)
        kept = _models[district_id] = (newest, learned.unpacked(bytes(data)))
    return kept[1]


def trainings(district: Area, *, by: Acting, at: datetime) -> list[Trained]:
    """The last trainings of a district, newest first, with what they were measured on."""
    keepers.need(by, "suggestions")
    if not keepers.reaches(by, district):
        return []
    rows = Training.objects.filter(district=district).order_by("-id").defer("model")[:TRAININGS]
    return [Trained(row, _measured(row)) for row in rows]


def _measured(row: Training) -> list[Measured]:
    figures: dict[str, dict[str, Any]] = json.loads(row.figures)
    return [Measured(name, int(told["texts"]), told) for name, told in figures.items()]
