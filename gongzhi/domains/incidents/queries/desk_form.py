"""The form of an act: what it offers and proposes, which deadlines it sets, who will be told, whom it may not reach."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from gongzhi.domains.incidents.queries import desk_return
from gongzhi.domains.incidents.queries.desk_acts import Act, Not
from gongzhi.domains.incidents.queries.desk_decide import Decision
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.domains.incidents.queries.told import to_say
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import registry, waits
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.page import Action, Opening
from gongzhi.kernel.process.verdict import Denied
from gongzhi.kernel.telling import colleagues

ORDER_GUARDS = ("may_order", "community_may_answer", "within_power")
TO_KIND = {"committee": "派给社区", "department": "派给区直部门", "utility": "派给公用企业"}
TOLD = {
    "reporter": "反映人",
    "holder": "承办单位",
    "sender": "派出方",
    "former_holder": "原承办单位",
    "acceptor": "受理台",
    "awaited": "经办的台",
    "lead": "单位负责人",
    "above": "上一级",
    "supervisor": "督办人",
    "assisting": "协办单位",
}


@dataclass(frozen=True)
class Deadline:
    """A moment the act sets: what for, the term in words, when it ends (None: computed later)."""

    label: str
    term: str
    at: datetime
    provisional: bool


@dataclass
class Form:
    """One act ready to be filled in."""

    act: Act
    offered: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    proposed: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)
    year: str = ""
    off: list[str] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    refused: list[Not] = field(default_factory=list)
    likely: dict[str, list[str]] = field(default_factory=dict)
    request: Decision | None = None
    quotes: list[str] = field(default_factory=list)
    category: str = ""


def form(page: Sheet, act: Act, *, by: Acting, at: datetime) -> Form:
    """What the page needs to draw an act's form (one or two statements where it asks for an organisation)."""
    out = Form(act, request=desk_return.answered(page, act, by, at), category=page.matter.category)
    if any(ask.spec["type"].startswith("organisation") for ask in act.asks):
        _organisations(page, out, by, at)
    _categories(page, out)
    _request(page, out)
    _beside(page, out, by, at)
    if out.request is not None and out.request.carried.get("resume_on"):
        out.proposed["resume_on"] = out.request.carried["resume_on"]
    if any(ask.name == "ring_said" for ask in act.asks):
        out.proposed["ring_said"] = to_say(page.work, at)
    _deadlines(page, out, by, at)
    out.tells = _tells(page, act)
    return out


def near_organisations(page: Sheet) -> list[Organisation]:
    """Organisations that stand in or serve one of the matter's areas, the nearest level first."""
    ids = [area.pk for area in page.areas.values()]
    rows = Organisation.objects.filter(Q(area__in=ids) | Q(serves__in=ids), valid_to=None).distinct()
    return list(rows.select_related("area").order_by("kind", "pk"))


def _organisations(page: Sheet, out: Form, by: Acting, at: datetime) -> None:
    near = near_organisations(page)
    everyone = [(str(one.pk), one.name) for one in near]
    for ask in out.act.asks:
        if ask.spec["type"].startswith("organisation"):
            out.offered[ask.name] = everyone
    if out.act.id == desk_return.RETURN:
        _other_units(page, out, near)
    if "to" in out.offered:
        _targets(page, out, near, by, at)


def _targets(page: Sheet, out: Form, near: list[Organisation], by: Acting, at: datetime) -> None:
    """Where a matter may be sent, whom not and why, and the one proposed; never back to who just returned it."""
    allowed, refused = [], dict[str, Not]()
    returned = page.work.holder_id if out.act.chain[0] == "accept_return" else None
    for one in near:
        no = _denied(page, one, by, at)
        if no is None and one.pk != returned:
            allowed.append(one)
        elif no is not None and no.rule and one.kind in TO_KIND:
            refused.setdefault(no.reason, Not(TO_KIND[one.kind], no.reason, no.rule))
    out.offered["to"] = [(str(one.pk), one.name) for one in allowed]
    out.refused = list(refused.values())
    if returned is not None:
        out.likely["to"] = [str(one.pk) for one in desk_return.likely(page, allowed)]
    named = out.request.carried.get("proposed") if out.request is not None else None
    duty = page.route.unit if page.route is not None else None
    fits = next((one for one in allowed if one.duty == duty), None)
    if any(one.pk == named for one in allowed):
        out.proposed["to"] = str(named)
        out.rules["to"] = "退回的单位建议由他们办。换别的单位，在说明里写一句。"
    elif fits is not None and page.route is not None:
        out.proposed["to"] = str(fits.pk)
        out.rules["to"] = f"{page.route.reason}。换别的单位，在说明里写一句原因。"


def _other_units(page: Sheet, out: Form, near: list[Organisation]) -> None:
    """Whom else a returned matter may belong to: the likely ones first, the routing's own proposed."""
    found = desk_return.likely(page, near)
    out.offered["proposed"] = [(str(one.pk), one.name) for one in near if one.pk != page.work.holder_id]
    out.likely["proposed"] = [str(one.pk) for one in found]
    if page.route is not None and found and found[0].duty == page.route.unit:
        out.proposed["proposed"] = str(found[0].pk)
        out.rules["proposed"] = f"{page.route.reason}。不是的话就换一家。"


def _denied(page: Sheet, to: Organisation, by: Acting, at: datetime) -> Denied | None:
    """Why this hand may not send the matter to that organisation; None where it may."""
    action = page.work.process.actions.get("dispatch")
    if action is None:
        return None
    deed = Deed(page.work, action, by, at, by.role, Entry(), {"to": to})
    for name in ORDER_GUARDS:
        verdict = registry.GUARDS[name](deed)
        if isinstance(verdict, Denied):
            return verdict
    return None


def _categories(page: Sheet, out: Form) -> None:
    if not any(ask.name == "category" for ask in out.act.asks):
        return
    leaves = packs.load(page.matter.pack).table("categories").get("leaf", {})
    out.offered["category"] = [(key, row["label"]) for key, row in leaves.items() if not row.get("private")]
    out.proposed["category"] = page.matter.category


def _request(page: Sheet, out: Form) -> None:
    """The reply quotes the request: its first part begins with the reporter's own words where they may be read."""
    if page.own_words:
        out.proposed["reply_request"] = page.own_words[:300]
    if page.incident is not None and page.incident.urgency:
        out.proposed["urgency"] = page.incident.urgency


def _beside(page: Sheet, out: Form, by: Acting, at: datetime) -> None:
    """Who may be told, who assists, and what they answered, ready to be quoted."""
    asked = {ask.name for ask in out.act.asks}
    if "mention" in asked:
        known = colleagues.who(page.work, by=by, at=at)
        out.offered["mention"] = [(str(one.person_id), one.label) for one in known]
    if "assist_out" in asked:
        there = {str(tie.organisation_id) for tie in page.work.living_ties("assisting")}
        out.offered["assist_out"] = [one for one in out.offered["assist_out"] if one[0] in there]
    if "reply_done" in asked:
        answers = [line for line in page.lines if line.verb == "assist_done"]
        out.quotes = [f"{line.who.partition(' ')[0]}：{text}" for line in answers for _, text in line.words]


def _deadlines(page: Sheet, out: Form, by: Acting, at: datetime) -> None:
    process, matter = page.work.process, page.matter
    steps = [process.actions[more] for name in out.act.chain for more in (name, *process.actions[name].also)]
    standing: dict[str, Opening] = {}
    for step in steps:
        standing = {
            what: one
            for what, one in standing.items()
            if what not in step.ends and (not step.to or what in step.keeps)
        }
        standing |= {one.wait: one for one in step.opens if _opened(page, step, one, by, at)}
    for what, opening in standing.items():
        term = process.term(opening.term, matter.category) if not opening.term.startswith("=") else ""
        if term and opening.desk != "reporter":
            out.deadlines.append(_deadline(process.waits.get(what, what), term, at, matter.pack))
    promise = next((step.promise for step in steps if step.promise), "")
    term = process.term(promise, matter.category) or process.term("handle") if promise else ""
    if term and matter.promised_at is None:
        out.deadlines.append(_deadline("答应居民", term, at, matter.pack))
    if out.deadlines:
        out.year, out.off = _rests(at, max(one.at for one in out.deadlines), matter.pack)


def _opened(page: Sheet, step: Action, opening: Opening, by: Acting, at: datetime) -> bool:
    """Whether the wait will be opened at all: a desk that resolves to nobody opens none."""
    resolve = registry.DESKS.get(opening.desk)
    if resolve is None or opening.desk in ("caller",):
        return opening.desk != "caller"
    return bool(resolve(Deed(page.work, step, by, at, by.role, Entry(), {})))


def _deadline(label: str, term: str, at: datetime, pack: str) -> Deadline:
    due = waits.term_end(term, at, pack)
    words = "，再加 ".join(term_words(Term.parse(part)) for part in term.split("+"))
    assert due.at is not None
    return Deadline(label, words, due.at, due.provisional)


def _rests(at: datetime, until: datetime, pack: str) -> tuple[str, list[str]]:
    """The year whose calendar counts, and the days between that are not worked (six are named)."""
    calendar = calendar_for(pack)
    day, last, off = calendar.local(at).date(), calendar.local(until).date(), list[str]()
    while day < last and len(off) < 6:
        day += timedelta(days=1)
        if not calendar.is_working(day):
            off.append(f"{day:%m-%d}")
    return f"{last:%Y}", off


def _tells(page: Sheet, act: Act) -> list[str]:
    process = page.work.process
    names = [
        to
        for name in act.chain
        for more in (name, *process.actions[name].also)
        for to in process.actions[more].tells
    ]
    told = []
    for name in dict.fromkeys(names):
        if name == "reporter" and page.matter.source == "patrol":
            continue
        told.append(
            page.holder
            if name == "holder" and page.holder and "to" not in [a.name for a in act.asks]
            else TOLD.get(name, name)
        )
    return told
