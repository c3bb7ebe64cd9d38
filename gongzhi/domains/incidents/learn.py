"""When a district's suggestions are learned anew, on what, and how well they do on texts they were not learned from."""

import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime

from gongzhi.domains.incidents import learned
from gongzhi.domains.incidents.models import Incident, Training
from gongzhi.domains.incidents.suggest import fold, suggest
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

log = logging.getLogger(__name__)
DECIDED = ("accept", "self_handle", "correct")
NOTHING = ("voided", "withdrawn")
FALLBACK = "other"
MINUTES = 20  # a fitting that takes longer is ended
TOGETHER = 500


@dataclass(frozen=True)
class Text:
    """A folded report with the kind its desk settled on; ``corrected`` where that was not what was suggested."""

    folded: str
    leaf: str
    day: date
    corrected: bool


def ask(district: Area, *, by: Acting, at: datetime) -> Training:
    """Have the suggestions learned anew; one that is asked for already is not asked for twice."""
    keepers.need(by, "suggestions")
    if not keepers.reaches(by, district):
        raise keepers.NotKeeper("这个区不归您管。")
    with transaction.atomic():
        registers.record("packs", "learn", by=by, at=at, path=f"area:{district.pk}")
        waiting = Training.objects.filter(district=district, done_at=None).first()
        return waiting or Training.objects.create(district=district, asked_at=at)


def asked(at: datetime) -> int:
    """Learn what was asked for; how many trainings were done."""
    waiting = list(Training.objects.filter(done_at=None).select_related("district"))
    for one in waiting:
        learn(one, at)
    return len(waiting)


def nightly(at: datetime) -> int:
    """Learn anew in every district with enough decided: what was deleted since is unlearned. How many trainings."""
    done = 0
    for district in Area.objects.filter(level="district", valid_to=None):
        if len(texts_of(district, at, packs.load(pack_name(district)))) >= _rule(district)["least"]:
            learn(Training.objects.create(district=district, asked_at=at), at)
            done += 1
    return done


def learn(training: Training, at: datetime) -> None:
    """Fit on the older texts, measure on the newest, fit on all; the models before it are forgotten."""
    district = training.district
    pack, rule = packs.load(pack_name(district)), _rule(district)
    texts = texts_of(district, at, pack)
    training.texts, training.done_at = len(texts), at
    training.demonstration = bool(settings.DEMO)
    if texts:
        training.first_day, training.last_day = texts[0].day, texts[-1].day
        training.corrected = sum(text.corrected for text in texts)
    model = fitted(texts, rule) if len(texts) >= rule["least"] else None
    if model is None:
        training.why_not = "few" if len(texts) < rule["least"] else "failed"
    else:
        training.kinds = len(model.kinds)
        training.model = learned.packed(model)
        training.figures = json.dumps(measured(texts, rule, pack), sort_keys=True)
    with transaction.atomic():
        training.save()
        Training.objects.filter(district=district, pk__lt=training.pk).update(model=b"")


def texts_of(district: Area, at: datetime, pack: Pack) -> list[Text]:
    """Reports whose kind a desk settled, oldest first. None that is private, kept from the grid or a complaint."""
    rule = pack.table("learned")["suggestion"]["kind"]
    leaves = pack.table("categories")["leaf"]
    common = {key for key, leaf in leaves.items() if not leaf.get("private") and key != FALLBACK}
    entries = Entry.objects.filter(matter=OuterRef("pk"), verb__in=DECIDED)
    complaint = Tie.objects.filter(matter=OuterRef("pk"), role="about")
    since = at - timedelta(days=366 * rule["years"])
    rows = Matter.objects.filter(kind="incident", district=district, opened_at__gte=since, opened_at__lte=at)
    rows = rows.filter(Exists(entries), private=False, restricted=False, category__in=common)
    rows = rows.exclude(stage__in=NOTHING).exclude(Exists(complaint)).order_by("-id")
    newest = list(rows.values_list("pk", "category", "opened_at")[: rule["most"]])
    chosen = [pk for pk, _, _ in newest]
    said, guessed = _said(chosen), _guessed(chosen)
    return [
        Text(said[pk], leaf, localtime(opened).date(), guessed.get(pk, "") not in ("", leaf))
        for pk, leaf, opened in reversed(newest)
        if said.get(pk)
    ]


def _said(matters: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in _slices(matters):
        rows = Entry.objects.filter(matter__in=some, verb="report", words__isnull=False)
        for pk, text in rows.values_list("matter_id", "words__text"):
            found[pk] = fold(json.loads(text).get("words", ""))
    return found


def _guessed(matters: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in _slices(matters):
        found |= dict(Incident.objects.filter(pk__in=some).values_list("pk", "suggested"))
    return found


def _slices(matters: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(matters), TOGETHER):
        yield matters[start : start + TOGETHER]


def _rule(district: Area) -> dict[str, Any]:
    rule: dict[str, Any] = packs.load(pack_name(district)).table("learned")["suggestion"]["kind"]
    return rule


def fitted(texts: Sequence[Text], rule: dict[str, Any]) -> learned.Model | None:
    """The model of these texts, fitted in a child process; None where it could not be."""
    wanted = {
        "texts": [text.folded for text in texts],
        "kinds": [text.leaf for text in texts],
        "least": rule["pieces"],
    }
    home = str(Path(__file__).resolve().parents[3])
    words = [sys.executable, "-m", "gongzhi.domains.incidents.learn_child"]
    env = {"PYTHONPATH": home, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            words, input=json.dumps(wanted).encode(), capture_output=True, env=env, timeout=MINUTES * 60
        )
    except subprocess.TimeoutExpired:
        log.warning("learning took longer than %s minutes", MINUTES)
        return None
    if done.returncode:
        log.warning("nothing was learned: %s", done.stderr.decode(errors="replace").strip()[-80:])
        return None
    return learned.unpacked(done.stdout)


def measured(texts: Sequence[Text], rule: dict[str, Any], pack: Pack) -> dict[str, dict[str, int]]:
    """How often the first and the first three suggestions are right, beside the word rules and the commonest kind.

    ``newest``: the newest texts by a model of the older ones, repeated texts left out. ``held``: sentences of the
    pack that no district wrote. Counts, never shares.
    """
    parted = round(len(texts) * (100 - rule["newest"]) / 100)
    older, newer = texts[:parted], texts[parted:]
    model = fitted(older, rule)
    if model is None:
        return {}
    known = {text.folded for text in older}
    common = Counter(text.leaf for text in older).most_common(1)[0][0]
    held = pack.table("sentences").get("held", {})
    tried = {
        "newest": [(text.folded, text.leaf) for text in newer if text.folded not in known],
        "held": [(fold(said), leaf) for said, leaf in held.items()],
    }
    return {name: _counted(rows, model, common, pack) for name, rows in tried.items() if rows}


def _counted(
    rows: Sequence[tuple[str, str]], model: learned.Model, common: str, pack: Pack
) -> dict[str, int]:
    told: Counter[str] = Counter(texts=len(rows))
    for folded, leaf in rows:
        by_model = [one.leaf for one in learned.suggest(folded, model)]
        by_rules = [one.leaf for one in suggest(folded, pack)]
        told["learned"] += by_model[:1] == [leaf]
        told["learned_three"] += leaf in by_model
        told["rules"] += by_rules[:1] == [leaf]
        told["rules_three"] += leaf in by_rules
        told["commonest"] += leaf == common
    return dict(told)
