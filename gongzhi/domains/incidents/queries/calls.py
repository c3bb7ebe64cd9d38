"""What the hotline's clerk sees: calls that ring, and while a call lasts the caller's own matters in short.

The one exception beside a resident's own list in which matters are found by a person's number (powers, section 2). It
lives as long as the call, is the clerk's who answered it, and tells stages and dates, never words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongzhi.domains.incidents.models import Call
from gongzhi.domains.incidents.queries.desk_secrets import FROM_UNITS
from gongzhi.domains.incidents.queries.figures import kind_label
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import mask_phone
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Receipt, Tie
from gongzhi.kernel.process.page import OPEN
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.standing import ABOUT, FOLLOWER
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import Area

CLERK = "hotline_clerk"
PURPOSE = "call"
LIVE = timedelta(hours=2)  # a call nobody hung up is over by then
CLOSED_FOR = timedelta(days=30)
SHOWN = 20
GONE = "这个电话已经挂了，来电人的事不再显示。"
ACTS = ("caller_urge", "caller_add")


@dataclass(frozen=True)
class Mine:
    """One matter of the person on the line, in short: where it stands, what was promised, what may be done for them."""

    id: int
    number: str
    kind: str
    stage: str
    tag: str
    opened_at: datetime
    promised_at: datetime | None
    closed_at: datetime | None
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Window:
    """What a live call shows. ``kept_back`` is how many only the caller's own hand may open."""

    call: Call
    masked: str
    rows: list[Mine]
    kept_back: int


@dataclass(frozen=True)
class Ringing:
    """A call that waits to be taken, or to be rung back: masked number, since when, until when it was promised."""

    id: int
    masked: str
    since: datetime
    until: datetime | None = None
    note: str = ""


def sits(by: Acting) -> bool:
    """Whether the hand sits at the hotline's desk."""
    mandate = by.mandate
    return mandate is not None and by.whole and mandate.role == CLERK and mandate.area is not None


def standing_area(by: Acting) -> Area:
    """The area the desk answers for. NotYours."""
    if not sits(by) or by.mandate is None or by.mandate.area is None:
        raise NotYours("来电由热线接线员接。")
    return by.mandate.area


def live(call_id: int, *, by: Acting, at: datetime) -> Call:
    """A call this clerk has on the line now; NotYours as if it did not exist once it is hung up, or is another's."""
    rows = Call.objects.filter(pk=call_id, person=by.person, closed_at=None, answered_at__gt=at - LIVE)
    call = rows.filter(area=standing_area(by)).select_related("area").first()
    if call is None:
        raise NotYours(GONE, hidden=True)
    return call


def on_the_line(*, by: Acting, at: datetime) -> Call | None:
    """The call this clerk has on the line; None without one."""
    if not sits(by):
        return None
    rows = Call.objects.filter(person=by.person, closed_at=None, answered_at__gt=at - LIVE)
    return rows.order_by("-pk").first()


def number_of(call: Call) -> str:
    """The caller's number while the call lives; empty where it was not shown or is gone."""
    return secrets.unseal(call.number_enc, purpose=PURPOSE) if call.number_enc is not None else ""


def caller_rows(call: Call, *, by: Acting, at: datetime) -> list[Matter]:
    """The caller's matters the clerk may be shown: open ones and those closed in thirty days (two statements)."""
    held = _held(call)
    kept = held.filter(who_may_see__in=FROM_UNITS).values("matter")
    rows = gate.visible(by=by, at=at, kinds=("incident",)).filter(pk__in=held.values("matter"))
    rows = rows.filter(_lately(at), restricted=False, private=False).exclude(pk__in=kept)
    return list(rows.order_by("-pk")[:SHOWN])


def window(call_id: int, *, by: Acting, at: datetime) -> Window:
    """What a live call shows. NotYours (hidden) where there is no such call on this clerk's line now."""
    call = live(call_id, by=by, at=at)
    rows = caller_rows(call, by=by, at=at)
    number = number_of(call)
    return Window(
        call, mask_phone(number) if number else "", [_mine(one, by, at) for one in rows], _kept(call, by, at)
    )


def _held(call: Call) -> QuerySet[Receipt]:
    number = number_of(call)
    if not number:
        return Receipt.objects.none()
    return own_receipts(number).filter(matter__district=call.area_id)


def own_receipts(number: str) -> QuerySet[Receipt]:
    """Receipts of whoever reported with this number; who only follows a matter has none of it to be told or to say."""
    rows = Receipt.objects.filter(phone_tag__in=secrets.tags(number), tie__until=None)
    return rows.exclude(tie__role=FOLLOWER)


def _lately(at: datetime) -> Q:
    return Q(counts=OPEN) | Q(closed_at__gte=at - CLOSED_FOR)


def _kept(call: Call, by: Acting, at: datetime) -> int:
    """How many are told by one neutral line; none of those that are about an organisation of the clerk's."""
    held = _held(call)
    secret = Q(restricted=True) | Q(private=True)
    secret |= Q(pk__in=held.filter(who_may_see__in=FROM_UNITS).values("matter"))
    about = Tie.objects.filter(
        matter=OuterRef("pk"), role=ABOUT, until=None, organisation__in=by.organisations
    )
    rows = Matter.objects.filter(_lately(at), secret, pk__in=held.values("matter"), kind="incident")
    return rows.exclude(Exists(about)).count()


def _mine(matter: Matter, by: Acting, at: datetime) -> Mine:
    stage = pinned(matter.process_id).stages[matter.stage]
    can = {one.action: one.label for one in possible(gate.load(matter), by=by, at=at) if one.allowed}
    return Mine(
        id=matter.pk,
        number=matter.number,
        kind=kind_label(matter),
        stage=stage.label,
        tag=stage.tag,
        opened_at=matter.opened_at,
        promised_at=matter.promised_at if matter.counts == OPEN else None,
        closed_at=matter.closed_at,
        acts=tuple((name, can[name]) for name in ACTS if name in can),
    )


def ringing(*, by: Acting, at: datetime) -> list[Ringing]:
    """Calls that ring and nobody has taken, the longest first."""
    rows = Call.objects.filter(
        area=standing_area(by), answered_at=None, closed_at=None, rang_at__gt=at - LIVE
    )
    return [_ringing(one) for one in rows.order_by("rang_at")[:SHOWN]]


def to_ring_back(*, by: Acting, at: datetime) -> list[Ringing]:
    """Calls the desk promised to ring back, the earliest promise first."""
    rows = Call.objects.filter(area=standing_area(by), ring_back_by__isnull=False, rung_back_at=None)
    rows = rows.filter(closed_at__isnull=False, number_enc__isnull=False)
    return [_ringing(one) for one in rows.order_by("ring_back_by")[:SHOWN]]


def _ringing(one: Call) -> Ringing:
    number = number_of(one)
    note = secrets.unseal(one.note_enc, purpose=PURPOSE) if one.note_enc is not None else ""
    return Ringing(
        one.pk, mask_phone(number) if number else "没有显示号码", one.rang_at, one.ring_back_by, note
    )
