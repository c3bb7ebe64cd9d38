"""Sheets that speak of what stands already: what became of our answers, call-back results, a platform's numbers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from gongzhi.domains.incidents.outer import columns, marks
from gongzhi.domains.incidents.outer.carry import Carried, Checked, Sheet
from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing, OuterResult, UpperRow
from gongzhi.domains.incidents.outer.parse import Fault
from gongzhi.domains.incidents.outer.sheet import Line
from gongzhi.kernel.process import door
from gongzhi.kernel.process.orders import Order, Outcome, Step

UNKNOWN = "没有这个编号的工单，先导入工单。"
NOTHING_GIVEN = "这个编号没有等着对方答复的。"


@dataclass
class Marks:
    """Rows that name something by number; what they say is a small table of text, written down as JSON."""

    sheet: Sheet

    def check(self, part: Sequence[Line]) -> Iterator[Checked]:
        """Hold rows against what stands."""
        said = [(line, self.sheet.said(line)) for line in part]
        known = self.known([one.get("number", "").strip() for _, one in said])
        for line, one in said:
            found = Checked(line)
            if line.fault:
                found.faults = [Fault("", line.fault)]
            elif not one.get("number", "").strip():
                found.faults = [self.sheet.fault("number", "没有写编号。")]
            else:
                self.hold(found, one, known.get(one["number"].strip()))
            yield found

    def known(self, numbers: Sequence[str]) -> Mapping[str, Any]:
        """What stands, by number."""
        rows = OuterOrder.objects.filter(system=self.sheet.system, number__in=set(numbers))
        return {one.number: one for one in rows}

    def hold(self, found: Checked, said: Mapping[str, str], stands: Any) -> None:
        """What the row becomes, or its faults."""
        raise NotImplementedError

    def carry(self, part: Sequence[str], at: datetime) -> Carried:
        """Take what the rows say through the door."""
        said, done = [json.loads(text) for text in part], Carried()
        asked = [(one, order) for one in said if (order := self.order(one, at)) is not None]
        outcomes = {id(one.order): one for one in door.take_all([order for _, order in asked])}
        for one, order in asked:
            outcome: Outcome = outcomes[id(order)]
            if outcome.refusal is not None:
                done.refused.append((one["line"], one["cells"], outcome.refusal.sentence))
                continue
            done.counts["changed"] += 1
            self.after(one)
        done.counts["same"] += len(said) - len(asked)
        return done

    def order(self, one: dict[str, Any], at: datetime) -> Order | None:
        """The order of the door for one row; None where nothing is to be done any more."""
        raise NotImplementedError

    def after(self, one: dict[str, Any]) -> None:
        """What is kept beside the entry."""

    def text(self, found: Checked, **said: Any) -> str:
        """A row as it is written down."""
        said |= {"line": found.line.number, "cells": list(found.line.cells)}
        return json.dumps(said, ensure_ascii=False)


class Receipts(Marks):
    """审核结果: what they say of our answers, returns, extensions and suspensions."""

    def hold(self, found: Checked, said: Mapping[str, str], stands: OuterOrder | None) -> None:
        """Which of what went back is meant, and whether they took it."""
        system = self.sheet.pack.table("outer")["system"][self.sheet.system]
        state, text = columns.read_back(system, said.get("state", "")), said.get("state", "")
        if stands is None:
            found.faults = [self.sheet.fault("number", UNKNOWN)]
        elif not state:
            found.faults = [self.sheet.fault("state", f"“{text[:20]}”看不出是收下还是不同意。")]
        elif state == marks.REFUSED and not said.get("why", "").strip():
            found.faults = [self.sheet.fault("why", "不同意的，要有原因，单位才知道补什么。")]
        else:
            self._hold(found, said, stands, state, system)

    def _hold(
        self,
        found: Checked,
        said: Mapping[str, str],
        order: OuterOrder,
        state: str,
        system: Mapping[str, Any],
    ) -> None:
        meant = [kind for kind, label in system["kinds"].items() if label == said.get("kind", "").strip()]
        rows = OuterOutgoing.objects.filter(order=order, **({"kind": meant[0]} if meant else {}))
        standing = rows.filter(state__in=(marks.DUE, marks.GIVEN)).order_by("-pk").first()
        if standing is None and rows.filter(state=state).exists():
            return
        if standing is None:
            found.faults = [self.sheet.fault("number", NOTHING_GIVEN)]
            return
        found.becomes = "changed"
        found.text = self.text(found, outgoing=standing.pk, state=state, why=said.get("why", "")[:500])

    def order(self, one: dict[str, Any], at: datetime) -> Order | None:
        """The word about what went back; None where it was said already."""
        row = OuterOutgoing.objects.select_related("order__matter").filter(pk=one["outgoing"]).first()
        if row is None or row.state not in (marks.DUE, marks.GIVEN):
            return None
        return marks.marked(row, one["state"], one["why"], by=self.sheet.by, at=at)


class Results(Marks):
    """回访结果: what the hotline's own call-back found."""

    def hold(self, found: Checked, said: Mapping[str, str], stands: OuterOrder | None) -> None:
        """Which round it is of, and whether it is known already."""
        if stands is None:
            found.faults = [self.sheet.fault("number", UNKNOWN)]
            return
        try:
            called = columns.moment_of(said.get("called", ""))
            number = (
                columns.round_of(said.get("round", "")) if said.get("round", "").strip() else stands.round
            )
        except ValueError as no:
            found.faults = [self.sheet.fault("called", str(no))]
            return
        yes = self.sheet.pack.table("outer")["system"][self.sheet.system]["yes"]
        told = {name: _yes_or_no(said.get(name, ""), yes) for name in ("contacted", "solved", "satisfied")}
        day = localtime(called).date() if called else localtime(self.sheet.batch.at).date()
        same = OuterResult.objects.filter(order=stands, round=number, **told)
        if not any(told.values()):
            found.faults = [self.sheet.fault("solved", "三项（联系、解决、满意）一项也没有写。")]
        elif not (same.filter(called_on=day) if called else same).exists():
            found.becomes = "changed"
            found.text = self.text(found, matter=stands.pk, round=number, day=day.isoformat(), **told)

    def order(self, one: dict[str, Any], at: datetime) -> Order | None:
        """The entry that a result came in; what it says stands beside, so that no unit reads the single mark."""
        told = "-".join(str(one[name]) for name in ("round", "contacted", "solved", "satisfied", "day"))
        step = Step("outer_result", {"outer_round": one["round"]})
        return Order(one["matter"], (step,), self.sheet.by, at, key=f"outer-result-{one['matter']}-{told}")

    def after(self, one: dict[str, Any]) -> None:
        """The result itself; a later one of the same round replaces it."""
        told = {name: one[name] for name in ("contacted", "solved", "satisfied")}
        OuterResult.objects.update_or_create(
            order_id=one["matter"],
            round=one["round"],
            defaults={**told, "called_on": date.fromisoformat(one["day"])},
        )


class Uppers(Marks):
    """A platform's own numbers and states of what we gave it."""

    def known(self, numbers: Sequence[str]) -> Mapping[str, UpperRow]:
        """Rows of this platform, by our number."""
        rows: Iterable[UpperRow] = UpperRow.objects.filter(
            platform=self.sheet.system, matter__number__in=set(numbers)
        ).select_related("matter")
        return {one.matter.number: one for one in rows}

    def hold(self, found: Checked, said: Mapping[str, str], stands: UpperRow | None) -> None:
        """Taken with a number, or refused with a reason."""
        if stands is None:
            found.faults = [self.sheet.fault("number", "没有这个编号，或者它不用进这个平台。")]
            return
        platform = self.sheet.pack.table("upper")["platform"][self.sheet.system]
        state, why = said.get("state", "").strip()[:40], said.get("why", "").strip()[:120]
        no = columns.read_back(platform, state) == marks.REFUSED
        number = said.get("upper_number", "").strip()[:60]
        if no and not why:
            found.faults = [self.sheet.fault("why", "退回的，要有原因。")]
        elif not no and not (number or stands.number):
            found.faults = [self.sheet.fault("upper_number", "没有写平台编号。")]
        elif (stands.number, stands.there, stands.why) != (number or stands.number, state, why if no else ""):
            found.becomes = "changed"
            found.text = self.text(
                found, matter=stands.matter_id, number=number, state=state, why=why if no else ""
            )

    def order(self, one: dict[str, Any], at: datetime) -> Order | None:
        """Their word about one matter."""
        said = {"platform": self.sheet.system, "upper_no": one["number"], "upper_state": one["state"]}
        verb = "upper_refused" if one["why"] else "upper_taken"
        if one["why"]:
            said["outer_why"] = one["why"]
        key = f"upper-{one['matter']}-{self.sheet.system}-{one['number']}-{one['state']}-{one['why']}"
        return Order(one["matter"], (Step(verb, said),), self.sheet.by, at, key=key)


def _yes_or_no(text: str, yes: Sequence[str]) -> str:
    if not text.strip() or text.strip() in ("-", "未回访"):
        return ""
    return "yes" if columns.yes(text, yes) else "no"
