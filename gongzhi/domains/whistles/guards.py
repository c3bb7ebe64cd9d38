"""Conditions of a whistle and of its parts. Each answers yes, or no with a sentence."""

from datetime import timedelta

from gongzhi.domains.whistles.lines import LEVEL_OF_KIND, kind_label, line_to
from gongzhi.domains.whistles.models import WhistlePart
from gongzhi.domains.whistles.row import EMERGENCY, own_house, part_of, whistle_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Wait
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

SIGNED = timedelta(days=1)
LINES = "派遣关系"
ASKING = ("propose", "ask", "pass_on", "approved_by_phone")


def _no(condition: bool, reason: str, rule: str = "") -> Verdict:
    return Denied(reason, rule) if condition else YES


@guard("of_a_house")
def of_a_house(deed: Deed) -> Verdict:
    """Somebody answers for the whistle: ratings and counts belong to an organisation."""
    return _no(own_house(deed) is None, "您的任职没有写在哪个单位，请先让系统管理员补上。")


@guard("tried_first")
def tried_first(deed: Deed) -> Verdict:
    """What one's own level has tried is written, but for an emergency."""
    urgent = deed.said.get("whistle_kind") == EMERGENCY
    return _no(not urgent and not deed.said.get("tried"), "先写一句本级试过什么；应急处置可以不写。")


@guard("is_emergency")
def is_emergency(deed: Deed) -> Verdict:
    """Approval by telephone is for emergencies alone."""
    return _no(whistle_of(deed).kind != EMERGENCY, "只有应急处置能电话批，别的请等街道领导在这里批。")


@guard("leads_the_street")
def leads_the_street(deed: Deed) -> Verdict:
    """Who is said to have approved leads this street now, and was rung before now, not longer than a day ago."""
    approver, phoned = deed.said.get("approver"), deed.said.get("phoned_at")
    if phoned is not None and not deed.at - SIGNED <= phoned <= deed.at:
        return Denied("打电话的时间要在现在之前、一天以内。")
    if approver is None:
        return YES
    seats = Mandate.objects.filter(holding(deed.at), person=approver, role="street_leader")
    leads = seats.filter(area=deed.matter.street_id).exists()
    return _no(not leads, f"{approver.name}不是这条街道现在的领导，请选批的那位。")


@guard("not_the_asker")
def not_the_asker(deed: Deed) -> Verdict:
    """Whoever asked, or belongs to the house that asked, approves nothing of it on somebody else's behalf."""
    hands = [f"person:{pk}" for pk in deed.by.persons]
    asked = Entry.objects.filter(matter=deed.matter.pk, verb__in=ASKING, actor__in=hands).exists()
    elsewhere = deed.by.organisations - {own_house(deed)}
    own = asked or whistle_of(deed).asker_id in elsewhere
    return _no(own, "这次吹哨是您这边提的，请别的领导批。", "《权责与防护》第5节：提的和批的分开")


@guard("may_call")
def may_call(deed: Deed) -> Verdict:
    """Every organisation named may be called from here, stands, is called once, and is not the one complained of."""
    units: list[Organisation] = deed.said.get("units") or []
    about = {tie.organisation_id for tie in deed.work.living_ties("about")}
    called = {tie.organisation_id for tie in deed.work.living_ties("called")}
    for unit in units:
        fault = _fault(unit, deed, about, called)
        if fault is not None:
            return fault
    return YES


def _fault(unit: Organisation, deed: Deed, about: set[int | None], called: set[int | None]) -> Denied | None:
    pack, house = packs.load(deed.matter.pack), own_house(deed)
    if unit.pk in about:
        return Denied(f"这件事反映的就是{unit}，不能叫它来。", "《权责与防护》第1节")
    if unit.pk in called:
        return Denied(f"{unit}已经叫过了。")
    if unit.pk in (house, whistle_of(deed).asker_id):
        return Denied(f"{unit}就是吹哨的一方，不用叫。")
    if line_to(level_of(deed), unit.kind, pack) is None:
        return Denied(f"这一级不能叫{kind_label(unit.kind, pack)}（{unit}）。", LINES)
    return None


def level_of(deed: Deed) -> str:
    """The level the actor calls from: that of their organisation, else of their area."""
    mandate = deed.by.mandate
    kind = mandate.organisation.kind if mandate and mandate.organisation else ""
    area = mandate.area.level if mandate and mandate.area else "community"
    return LEVEL_OF_KIND.get(kind, area)


@guard("parts_closed")
def parts_closed(deed: Deed) -> Verdict:
    """The whistle ends after everything that was called for."""
    still = deed.matter.children.filter(counts="open").count()
    return _no(still > 0, f"还有 {still} 家没有办完、确认。都了结了才能了结吹哨。")


@guard("nobody_arrived")
def nobody_arrived(deed: Deed) -> Verdict:
    """Once somebody has come the whistle is followed to its end."""
    came = WhistlePart.objects.filter(matter__parent=deed.matter.pk, arrived_at__isnull=False).exists()
    return _no(came, "已经有单位到场了，不能收哨。请确认办成以后了结。")


@guard("not_found_yet")
def not_found_yet(deed: Deed) -> Verdict:
    """Found unjustified once."""
    return _no(whistle_of(deed).unjustified, "已经核为不该吹。")


@guard("found_unjustified")
def found_unjustified(deed: Deed) -> Verdict:
    """Only what was found can be taken back."""
    return _no(not whistle_of(deed).unjustified, "没有核为不该吹。")


@guard("no_open_refusal")
def no_open_refusal(deed: Deed) -> Verdict:
    """One refusal at a time."""
    waits = [wait for wait in deed.work.open_waits() if wait.what in ("judge_not_mine", "rule_not_mine")]
    return _no(bool(waits), "已经说过不是您的事，正在看。")


@guard("not_ruled")
def not_ruled(deed: Deed) -> Verdict:
    """What the level above decided is carried out."""
    return _no(part_of(deed).ruled, "上一级已经定了，请来。有困难写在应哨里。")


@guard("not_of_the_unit")
def not_of_the_unit(deed: Deed) -> Verdict:
    """Who belongs to the organisation that was called says nothing of it for the other side."""
    own = deed.work.holder_id in deed.by.organisations
    return _no(own, "您也在被叫的单位任职，请别人来办这一步。", "《权责与防护》第5节：办的人不核查")


@guard("not_of_the_asker")
def not_of_the_asker(deed: Deed) -> Verdict:
    """Nor does who belongs to the house that asked rate it for those who came."""
    own = part_of(deed).asker_id in deed.by.organisations
    return _no(own, "您也在吹哨的一方任职，请单位里别的人来评。")


@guard("time_is_past")
def time_is_past(deed: Deed) -> Verdict:
    """“没有来” is said after the time somebody was to be there."""
    waits: list[Wait] = deed.work.open_waits("arrive")
    due = next((wait.due_at for wait in waits if wait.due_at), None)
    return _no(due is not None and due > deed.at, "还没到约好的时间。")


@guard("unit_not_rated")
def unit_not_rated(deed: Deed) -> Verdict:
    """Once, while ratings are awaited."""
    return _no(not deed.work.open_waits("rate_unit"), "已经评过，或者过了评的时间。")


@guard("asker_not_rated")
def asker_not_rated(deed: Deed) -> Verdict:
    """Once, while ratings are awaited."""
    return _no(not deed.work.open_waits("rate_asker"), "已经评过，或者过了评的时间。")
