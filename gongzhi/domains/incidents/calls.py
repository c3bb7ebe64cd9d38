"""The hotline's desk: a call is opened, opens a window on the caller's own matters while it lasts, and ends with it.

The number stands sealed while the call lives, no longer: when it ends the number goes, unless the desk has promised to
ring back; then it goes when that is done, or after the pack's days.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongzhi.domains.incidents.models import Call
from gongzhi.domains.incidents.queries.calls import LIVE, caller_rows, live, sits, standing_area
from gongzhi.domains.incidents.queries.shift import waiting_sheet
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.verdict import NotNow, NotYours, SayMore
from gongzhi.kernel.territory.models import Area

OUTCOMES = ("enquiry", "reported", "urged", "passed_on", "nothing")
CALL, PURPOSE = "call", "caller"
LONGEST = 200  # signs of what was promised
ONE_AT_A_TIME = "手里还有一个电话没有挂，先挂上那一个。"


def ring(number: str, outer_id: str, *, by: Acting, at: datetime) -> Call:
    """The exchange hands over a call that rings: nobody has answered yet. The same id again is the same call."""
    area = _desk(by)
    known = Call.objects.filter(outer_id=outer_id).first() if outer_id else None
    if known is not None:
        return _own_area(known, area)
    call = Call(area=area, outer_id=outer_id[:80], number_enc=_sealed(number), rang_at=at)
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return _own_area(Call.objects.get(outer_id=outer_id), area)
    return call


def _own_area(call: Call, area: Area) -> Call:
    if call.area_id != area.pk:
        raise NotYours("没有这个来电。", hidden=True)
    return call


def begin(number: str, *, by: Acting, at: datetime) -> Call:
    """The clerk has somebody on the line whose number was typed ("" where it is not shown)."""
    _free(by, at)
    call = Call(area=_desk(by), number_enc=_sealed(number), rang_at=at, answered_at=at, person=by.person)
    call.save(force_insert=True)
    return _looked(call, by, at)


def answer(call_id: int, *, by: Acting, at: datetime) -> Call:
    """Take a call that rings, or ring one back as promised. NotNow where somebody else was faster."""
    _free(by, at)
    area = _desk(by)
    rows = Call.objects.filter(pk=call_id, area=area)
    back = rows.filter(closed_at__isnull=False, ring_back_by__isnull=False, rung_back_at=None)
    if back.update(closed_at=None, person=by.person, answered_at=at):
        return _looked(rows.get(), by, at)
    if rows.filter(answered_at=None, closed_at=None).update(answered_at=at, person=by.person):
        return _looked(rows.get(), by, at)
    if not rows.exists():
        raise NotYours("没有这个来电。", hidden=True)
    raise NotNow("这个电话已经有人接了。")


def close(
    call_id: int, outcome: str, *, by: Acting, at: datetime, ring_back: datetime | None = None, note: str = ""
) -> Call:
    """Hang up: the window is closed from now on, and the number gone unless a ringing back was promised."""
    call = live(call_id, by=by, at=at)
    if outcome not in OUTCOMES:
        raise SayMore({"outcome": "选一个：这个电话怎么了结的。"})
    if ring_back is not None and call.number_enc is None:
        raise SayMore({"ring_back": "没有记下号码，打不回去。"})
    if ring_back is not None and ring_back <= at:
        raise SayMore({"ring_back": "回电的时间要在现在以后。"})
    again = call.ring_back_by is not None
    call.closed_at, call.outcome, call.ring_back_by = at, outcome, ring_back or call.ring_back_by
    call.rung_back_at = at if again and ring_back is None else None
    kept = ring_back is not None
    call.note_enc = secrets.seal(note.strip()[:LONGEST], purpose=CALL) if kept and note.strip() else None
    call.number_enc = call.number_enc if kept else None
    call.save()
    facts = {"call": str(call.pk), "outcome": outcome, "looked": call.looked}
    registers.record("access", "call_closed", by=by, at=at, facts=facts, path=f"call:{call.pk}")
    return call


def sweep(at: datetime) -> int:
    """End calls nobody hung up, and let go of numbers kept for a ringing back that never came. How many."""
    unheard = Q(answered_at=None, rang_at__lte=at - LIVE) | Q(answered_at__lte=at - LIVE)
    gone = Call.objects.filter(unheard, closed_at=None).update(
        closed_at=at, outcome="nothing", number_enc=None, note_enc=None
    )
    held = Call.objects.filter(number_enc__isnull=False, rang_at__lte=_kept_since(at))
    return int(gone + held.update(number_enc=None, note_enc=None))


def _kept_since(at: datetime) -> datetime:
    return keeping(packs.load("cn"))["calls"].before(at)


def _looked(call: Call, by: Acting, at: datetime) -> Call:
    """What the clerk is shown is noted, matter by matter, with its purpose, for the reporter to read."""
    rows = caller_rows(call, by=by, at=at)
    facts = {"call": str(call.pk), "purpose": PURPOSE}
    for one in rows:
        registers.record("access", CALL, by=by, at=at, facts=facts, path=f"matter:{one.pk}")
    call.looked = len(rows)
    call.save(update_fields=["looked"])
    return call


def _free(by: Acting, at: datetime) -> None:
    """One call at a time: a second window stays shut while the first is open."""
    open_ones = Call.objects.filter(person=by.person, closed_at=None, answered_at__gt=at - LIVE)
    if open_ones.exists():
        raise NotNow(ONE_AT_A_TIME)


def _desk(by: Acting) -> Area:
    if not sits(by):
        raise NotYours("来电由热线接线员接。")
    return standing_area(by)


def _sealed(number: str) -> bytes | None:
    if not number.strip():
        return None
    try:
        return secrets.seal(clean_phone(number), purpose=CALL)
    except NotAPhone as fault:
        raise SayMore({"number": fault.sentence}) from fault


def hand_over(*, by: Acting, at: datetime, lines: dict[str, int]) -> None:
    """The leaving clerk signs what is left open."""
    area = _desk(by)
    registers.record("access", "shift_over", by=by, at=at, facts=lines, path=f"shift:{area.pk}")


def take_over(entry_id: int, *, by: Acting, at: datetime) -> None:
    """The coming clerk signs the sheet of the one who left; nobody signs for himself. NotNow, NotYours."""
    sheet = waiting_sheet(by=by, at=at)
    if sheet is None or sheet.entry_id != entry_id:
        raise NotNow("这张交班单已经有人接了。")
    if sheet.own:
        raise NotYours("交班单由接班的人签，不能自己接自己的。")
    registers.record(
        "access", "shift_taken", by=by, at=at, facts={"of": str(entry_id)}, path=f"shift:{entry_id}"
    )
