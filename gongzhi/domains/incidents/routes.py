"""Who is it for, and who may send it there? Read from the pack's tables; nothing here knows a place. Pure.

Routing, order and terms never read who the reporter is (powers, section 2): no function here takes one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from gongzhi.kernel.packs import Pack
from gongzhi.kernel.process.verdict import YES, Denied, Verdict

__all__ = ["Line", "Route", "community_may_answer", "may_order", "order_line", "route", "within_power"]

SENDS = {"committee": "community", "street_office": "street", "district_centre": "district"}
LEVEL_OF = {
    "committee": "community",
    "property_company": "community",
    "owners_committee": "community",
    "team": "street",
    "street_office": "street",
    "department": "district",
    "utility": "district",
}


@dataclass(frozen=True)
class Route:
    """Where a matter should go: duty id ("" = a door elsewhere), the level that sends it, why, and by which line."""

    unit: str
    level: str
    reason: str
    line: str


@dataclass(frozen=True)
class Line:
    """One order line: how it binds, who judges returns, grants time, decides a second refusal, may supervise."""

    id: str
    label: str
    manner: str
    reviews: tuple[str, ...]
    extends: tuple[str, ...]
    decides: tuple[str, ...]
    supervises: tuple[str, ...]
    own: bool
    within: str


def route(leaf: str, area_codes: Sequence[str], at: datetime, pack: Pack) -> Route:
    """The unit a kind goes to at a place and an hour: the first rule that matches, else the kind's own unit.

    ``area_codes`` are the division codes of the area and those above it; ``at`` is aware. Raises ``LookupError`` for
    a kind the pack does not have.
    """
    row = leaf_of(leaf, pack)
    local = at.astimezone(ZoneInfo(str(pack.get("pack.timezone", "Asia/Shanghai"))))
    for rule in sorted(pack.table("routing").get("rule", {}).values(), key=lambda one: int(one["order"])):
        if _fits(rule, leaf, row, area_codes, local):
            return _route(rule["unit"], rule["reason"], pack)
    if not row.get("unit"):
        return Route("", "", f"“{row['label']}”有专门的渠道", "")
    return _route(row["unit"], f"“{row['label']}”由{unit_label(row['unit'], pack)}负责", pack)


def leaf_of(leaf: str, pack: Pack) -> Mapping[str, Any]:
    """A kind told in full. Raises ``LookupError`` with a sentence."""
    found = pack.table("categories").get("leaf", {}).get(leaf)
    if found is None:
        raise LookupError(f"没有“{leaf}”这个类别。")
    row: Mapping[str, Any] = found
    return row


def unit_label(duty: str, pack: Pack) -> str:
    """The unit's name here; the duty's own label where the name is a pattern or the place has none."""
    name = str(pack.get(f"organisations.organisation.{duty}.name", ""))
    return name if name and "{" not in name else str(pack.get(f"duties.duty.{duty}.label", duty))


def order_line(from_level: str, to_kind: str, pack: Pack, signed: bool | None = None) -> Line | None:
    """The order line from a level to a kind of organisation; None where there is none.

    ``signed`` says whether a utility has signed for the centre's orders; None takes the first line.
    """
    for key, row in pack.table("order_lines").get("line", {}).items():
        if row["from"] != from_level or to_kind not in row["to"]:
            continue
        if row.get("within") == "signed" and signed is False:
            continue
        if row.get("within") == "whistle":
            continue  # this line calls to a whistle; no matter is sent along it
        roles = {name: tuple(row.get(name, ())) for name in ("reviews", "extends", "decides", "supervises")}
        return Line(
            key, row["label"], row["manner"], own=bool(row.get("own")), within=row.get("within", ""), **roles
        )
    return None


def may_order(
    from_org_kind: str, from_level: str, to_kind: str, pack: Pack, leaf: str = "", signed: bool | None = None
) -> Verdict:
    """May this organisation send to that kind? ``Denied`` says which door is right.

    With ``leaf``, a line to a community also asks whether the kind is on the community's list.
    """
    level = _sending_level(from_org_kind, from_level)
    line = order_line(level, to_kind, pack, signed)
    if line is None:
        return _refused(level, to_kind, pack)
    if line.within == "community_list" and leaf:
        return _on_community_list(leaf, pack)
    return YES


def community_may_answer(leaf: str, pack: Pack) -> Verdict:
    """May a community be the one to answer? Never for law enforcement, demolition, fire … (limits.toml)."""
    row, table = _known(leaf, pack), pack.table("limits").get("community", {})
    law = table.get("law", {}).get(row.get("area_law", ""))
    if not law:
        return YES
    unit = unit_label(row.get("unit", ""), pack) or "街道"
    return Denied(table["say"].format(law=law, unit=unit), rule=table["source"])


def within_power(
    to_kind: str, leaf: str, on: date, pack: Pack, area_codes: Sequence[str] = (), level: str = "street"
) -> Verdict:
    """Does the street hold this power on that day? By its three duty lists; other receivers are not bound by them."""
    row = _known(leaf, pack)
    if to_kind not in ("street_office", "team"):
        return YES
    table = pack.table("limits")
    for power in table.get("power", {}).values():
        here = power["level"] == level and _names(power, leaf, row) and _stands(power, area_codes, on)
        if here and not table["lists"][power["list"]]["leads"]:
            said = table["lists"][power["list"]]["say"]
            sentence = said.format(item=power["item"], lead=unit_label(power["lead"], pack))
            return Denied(sentence, rule=str(power.get("basis", "")))
    return YES


def _sending_level(kind: str, level: str) -> str:
    """The level somebody sends from: a community, street or centre from its own, a grid worker from the grid only."""
    if level == "grid" or not kind:
        return level
    return level if SENDS.get(kind) == level else "organisation"


def _known(leaf: str, pack: Pack) -> Mapping[str, Any]:
    """The kind in full; nothing for a matter that has no kind yet."""
    return leaf_of(leaf, pack) if leaf else {}


def _route(unit: str, reason: str, pack: Pack) -> Route:
    kind = str(pack.get(f"duties.duty.{unit}.kind", ""))
    level = LEVEL_OF.get(kind, "district")
    line = order_line(level, kind, pack, pack.get(f"organisations.organisation.{unit}.signed"))
    return Route(unit, level, reason, line.id if line else "")


def _on_community_list(leaf: str, pack: Pack) -> Verdict:
    table = pack.table("limits").get("community_list", {})
    if _known(leaf, pack).get("answers") in table.get("answers", ()):
        return YES
    return Denied(table["say"], rule=table["source"])


def _refused(level: str, to_kind: str, pack: Pack) -> Denied:
    table = pack.table("order_lines")
    to = table.get("kind", {}).get(to_kind, "这个单位")
    for row in table.get("refusal", ()):
        if row["from"] in (level, "*") and ("*" in row["to"] or to_kind in row["to"]):
            return Denied(row["say"].format(to=to), rule=table["source"])
    return Denied("派遣关系里没有这一条。", rule=str(table.get("source", "")))


def _fits(
    rule: Mapping[str, Any], leaf: str, row: Mapping[str, Any], codes: Sequence[str], at: datetime
) -> bool:
    return (
        _names(rule, leaf, row)
        and _stands(rule, codes, at.date())
        and at.month in rule.get("months", (at.month,))
        and _in_hours(rule.get("hours"), at.time())
    )


def _names(rule: Mapping[str, Any], leaf: str, row: Mapping[str, Any]) -> bool:
    named = {leaf, "*", *row.get("branches", ())}
    return any(one in named for one in rule.get("leaves", ("*",)))


def _stands(rule: Mapping[str, Any], codes: Sequence[str], on: date) -> bool:
    """Whether a row holds there and then: its areas cover one of the codes, and the day is in from–until."""
    areas = rule.get("areas", ())
    here = not areas or any(code.startswith(area) for code in codes for area in areas)
    return here and rule.get("from", on) <= on and (not rule.get("until") or on < rule["until"])


def _in_hours(hours: Sequence[str] | None, now: time) -> bool:
    """Whether a clock time lies in ["22:00", "06:00"], which may pass midnight; the end is exclusive."""
    if not hours:
        return True
    start, end = (time.fromisoformat(one) for one in hours)
    return start <= now < end if start <= end else now >= start or now < end
