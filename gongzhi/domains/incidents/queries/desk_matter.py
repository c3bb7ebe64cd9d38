"""One matter as a hand at the desk may read it: words, photos, facts in pairs, the ledger; nothing beyond its level."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import F, Q

from gongzhi.domains.incidents import routes
from gongzhi.domains.incidents.actions import may_ring
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.queries import desk_lines, questions
from gongzhi.domains.incidents.queries.desk_lines import Line
from gongzhi.domains.incidents.queries.desk_secrets import reads_words, sees_rating
from gongzhi.domains.incidents.queries.desk_strip import Step, strip
from gongzhi.domains.incidents.queries.looks import keep_read
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.models import Attachment, Entry
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.phones import mask_phone
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Receipt, Wait
from gongzhi.kernel.process.page import Process, Stage
from gongzhi.kernel.process.standing import stands_as
from gongzhi.kernel.territory.models import LEVELS, Area

NEAR_DAYS = timedelta(days=30)
PRESSING = ("urge", "ask_supervision", "supervise", "supervise_listed", "answer_supervision", "lift_listing")
ORIGINAL = ("report", "add", "again")


@dataclass(frozen=True)
class Contact:
    """How the reporter can be reached, as far as this hand may know. ``masked`` is "" where it may not."""

    masked: str = ""
    sentence: str = ""
    wants_call: bool = False
    may_ring: bool = False


@dataclass
class Sheet:
    """Everything a matter's page shows. What the level does not open stays empty."""

    work: Work
    level: str
    own_words: str = ""
    told: str = ""
    summary: str = ""
    assist_ask: str = ""
    sealed: bool = False
    photos: list[Attachment] = field(default_factory=list)
    voices: list[Attachment] = field(default_factory=list)
    videos: list[Attachment] = field(default_factory=list)
    after_photos: list[Attachment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    strip: list[Step] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    leaf: dict[str, Any] = field(default_factory=dict)
    route: routes.Route | None = None
    contact: Contact = field(default_factory=Contact)
    holder: str = ""
    sender: str = ""
    worker: Mandate | None = None
    about: list[Organisation] = field(default_factory=list)
    incident: Incident | None = None
    parent: Matter | None = None
    children: list[Matter] = field(default_factory=list)
    near: int = 0
    answers: list[questions.Answer] = field(default_factory=list)

    @property
    def matter(self) -> Matter:
        """The matter."""
        return self.work.matter

    @property
    def stage(self) -> Stage:
        """The stage it stands in."""
        return self.work.process.stages[self.matter.stage]

    @property
    def supervision(self) -> list[Line]:
        """督办记录."""
        return [line for line in self.lines if line.verb in PRESSING]


def sheet(matter_id: int, *, by: Acting, at: datetime) -> Sheet | None:
    """A matter's page; None where it does not exist for this hand (about fifteen statements)."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None:
        return None
    work, level = found
    keep_read(work.matter, by=by, at=at)
    page = Sheet(work, level, areas=_areas(work.matter))
    page.leaf = packs.load(work.matter.pack).get(f"categories.leaf.{work.matter.category}", {})
    entries = list(Entry.objects.filter(matter=matter_id).select_related("words").order_by("seq"))
    page.strip = strip(work.process, work.matter.stage, [entry.after for entry in entries])
    if level == "full":
        _fill(page, entries, by, at)
    else:
        _fill_less(page, entries, by, at)
    return page


def _fill(page: Sheet, entries: list[Entry], by: Acting, at: datetime) -> None:
    work, matter = page.work, page.matter
    words = reads_words(work, by)
    page.sealed = not words
    first = desk_lines.words_of(entries[0]) if entries else {}
    page.own_words = first.get("words") or first.get("mend_request", "") if words else ""
    page.answers = questions.told(entries[0], packs.load(matter.pack)) if entries and words else []
    page.summary = _last(entries, "summary")
    known = desk_lines.names(entries, work.process)
    page.lines = desk_lines.tell(work, entries, known, words=words, rating=_rating(page, by), now=at)
    _pictures(page, entries, words)
    page.incident = Incident.objects.filter(pk=matter.pk).first()
    page.contact = _contact(matter, by)
    _organisations(page)
    page.worker = _worker(matter, at)
    page.route = _route(page, at)
    page.near = _near(matter, by, at)
    _family(page, by, at)


def _fill_less(page: Sheet, entries: list[Entry], by: Acting, at: datetime) -> None:
    """``summary``: the stages with their dates. ``task``: what the desk asks to be done, nothing else."""
    if page.level == "task":
        page.summary = _last(entries, "summary")
        if stands_as("assisting", page.work, by):
            page.assist_ask = _last(entries, "assist_ask")
            _organisations(page)
        return
    moved = [entry for entry in entries if entry.before != entry.after]
    known = desk_lines.Names({}, {}, {})
    lines = desk_lines.tell(page.work, moved, known, words=False, rating=False, now=at)
    stages = page.work.process.stages
    page.lines = [
        Line(
            line.seq,
            line.short,
            line.at,
            None,
            "",
            line.what,
            f"{stages[one.after].label}。",
            (),
            0,
            line.verb,
            0,
        )
        for line, one in zip(lines, sorted(moved, key=lambda e: -e.seq), strict=True)
    ]


def _last(entries: Iterable[Entry], name: str) -> str:
    said = [desk_lines.words_of(entry).get(name, "") for entry in entries]
    return next((one for one in reversed(said) if one), "")


def _rating(page: Sheet, by: Acting) -> bool:
    ended = Wait.objects.filter(matter=page.matter, what="judge_rating").exclude(ended_at=None)
    work = page.work
    return sees_rating(Work(work.matter, work.process, work.ties, [*work.waits, *ended]), by)


def _pictures(page: Sheet, entries: list[Entry], words: bool) -> None:
    verbs = {entry.pk: (entry.verb, entry.actor) for entry in entries}
    for one in Attachment.objects.filter(matter=page.matter, removed_at=None).order_by("pk"):
        original = verbs.get(one.entry_id, ("", ""))[0] in ORIGINAL
        if original and not words and not one.released:
            continue
        if one.kind in ("voice", "video"):
            (page.voices if one.kind == "voice" else page.videos).append(one)
        else:
            (page.photos if original else page.after_photos).append(one)


def _contact(matter: Matter, by: Acting) -> Contact:
    receipt = Receipt.objects.filter(matter=matter, tie__role__in=("reporter", "caller")).first()
    if receipt is None:
        return Contact(sentence="巡查发现，没有反映人" if matter.source == "patrol" else "没有留号码")
    if receipt.phone_enc is None:
        elsewhere = matter.source == "open311"  # its reporter has no code of ours
        said = "没有留号码，在报来的平台上看进度" if elsewhere else "没有留号码，自己用查询码查看"
        return Contact(sentence=said, wants_call=receipt.wants_call)
    if not may_ring(receipt, by):
        return Contact(sentence="号码没有留给您这一级", wants_call=receipt.wants_call)
    masked = mask_phone(secrets.unseal(receipt.phone_enc))
    return Contact(masked, "", receipt.wants_call, may_ring=True)


def _organisations(page: Sheet) -> None:
    ids = {tie.organisation_id for tie in page.work.ties if tie.organisation_id}
    known = Organisation.objects.in_bulk(ids)

    def named(role: str) -> str:
        tie = page.work.tie(role)
        return str(known[tie.organisation_id].name) if tie and tie.organisation_id in known else ""

    page.holder, page.sender = named("holder"), named("sender") or named("acceptor")
    page.about = [
        known[tie.organisation_id] for tie in page.work.living_ties("about") if tie.organisation_id in known
    ]


def _worker(matter: Matter, at: datetime) -> Mandate | None:
    if matter.grid_id is None:
        return None
    rows = Mandate.objects.filter(area=matter.grid_id, role="grid_worker", since__lte=at)
    living = rows.filter(Q(until=None) | Q(until__gt=at), person__is_active=True).select_related("person")
    return living.order_by(F("stands_in_for").asc(nulls_last=True), "pk").first()


def _route(page: Sheet, at: datetime) -> routes.Route | None:
    matter = page.matter
    if matter.kind != "incident":
        return None
    codes = [area.code for area in page.areas.values() if area.code]
    try:
        return routes.route(matter.category, codes, at, packs.load(matter.pack))
    except LookupError:
        return None


def _near(matter: Matter, by: Acting, at: datetime) -> int:
    """How many of the same kind the last 30 days brought to the same grid (counted to 99; places, never persons)."""
    if matter.grid_id is None or matter.kind != "incident":
        return 0
    same = Q(kind="incident", grid=matter.grid_id, category=matter.category)
    rows = Matter.objects.filter(same, opened_at__gte=at - NEAR_DAYS).exclude(pk=matter.pk)
    return len(rows.exclude(gate.closed_to(by)).values_list("pk", flat=True)[:99])


def _family(page: Sheet, by: Acting, at: datetime) -> None:
    """Children and parent, each only where the hand may read it."""
    if page.matter.parent_id is not None:
        found = gate.one(page.matter.parent_id, by=by, at=at)
        page.parent = found[0].matter if found and found[1] == "full" else None
    rows = Matter.objects.filter(parent=page.matter).order_by("pk")
    page.children = [one for one in rows[:20] if gate.reading(one, by=by, at=at)]


def _areas(matter: Matter) -> dict[str, Area]:
    ids = {level: getattr(matter, f"{level}_id") for level in LEVELS}
    rows = Area.objects.defer("polygon").in_bulk([one for one in ids.values() if one])
    return {level: rows[pk] for level, pk in ids.items() if pk in rows}


def attachment(
    attachment_id: int, *, by: Acting, at: datetime, small: bool = False
) -> tuple[str, Path, bool] | None:
    """Media type, path and whether it is of a private kind, through the gate; None where this hand may not see it."""
    one = Attachment.objects.filter(pk=attachment_id, removed_at=None).select_related("entry").first()
    found = gate.one(one.matter_id, by=by, at=at) if one is not None else None
    if one is None or found is None or found[1] != "full":
        return None
    original = one.entry.verb in ORIGINAL
    if original and not one.released and not reads_words(found[0], by):
        return None
    if one.entry.verb == "rate" and not sees_rating(found[0], by):
        return None
    try:
        thumb = small and one.kind in ("photo", "video")
        path = files.open_file(one.digest, "thumb" if thumb else "full")
        return "image/jpeg" if thumb else one.media_type, path, found[0].matter.private
    except FileNotFoundError:
        return None


def since(matter_id: int, seen: int, *, by: Acting, at: datetime) -> list[Line]:
    """What others did after the entry the actor had seen, newest first; empty where the matter may not be read."""
    page = sheet(matter_id, by=by, at=at)
    if page is None or page.level != "full":
        return []
    return [line for line in page.lines if line.seq > seen and not _is_quiet(page.work.process, line.verb)]


def _is_quiet(process: Process, verb: str) -> bool:
    action = process.actions.get(verb)
    return action is not None and action.quiet


def readable(matter_id: int, *, by: Acting, at: datetime) -> bool:
    """Whether the hand may read anything of a matter (it may have reported what it must not follow)."""
    return gate.one(matter_id, by=by, at=at) is not None
