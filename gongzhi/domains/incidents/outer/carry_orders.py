"""A sheet of orders: new ones are taken over, a next round is rework of the same matter, another content is shown."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from gongzhi.domains.incidents.outer.carry import Carried, Checked, Sheet
from gongzhi.domains.incidents.outer.models import OuterOrder
from gongzhi.domains.incidents.outer.opening import Opening
from gongzhi.domains.incidents.outer.parse import Order, Reader
from gongzhi.domains.incidents.outer.sheet import Line
from gongzhi.kernel.process import door
from gongzhi.kernel.process.models import Tie
from gongzhi.kernel.process.orders import Order as Taken
from gongzhi.kernel.process.orders import Step
from gongzhi.kernel.process.versions import current

ADDED, AGAIN, CHANGED, SAME = "added", "again", "changed", "same"
STILL = "上一轮还没有办结，不能记成第 {} 轮。先把上一轮答复了再导。"


@dataclass(frozen=True)
class Stands:
    """An order that is known: its matter, round, content, stage, and whether a unit holds it."""

    matter: int
    round: int
    content: str
    stage: str
    held: bool


@dataclass
class Orders:
    """The rows of one sheet of orders."""

    sheet: Sheet
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one = self.sheet
        self.reader = Reader(one.pack, one.system, one.header, one.columns, one.area, one.at)
        self.opening = Opening(one.pack, one.system, one.area, one.by, one.at, one.batch)
        self.actions = current(one.pack.name, "incident").actions

    def check(self, part: Sequence[Line]) -> Iterator[Checked]:
        """Read rows, hold them against what is known and what the door would say."""
        glanced = [(line, *self.reader.glance(line.cells)) for line in part]
        known = self._known([number for _, number, _ in glanced])
        for line, number, mark in glanced:
            stands = known.get(number)
            if stands is not None and not line.fault and self._is_known(mark, stands):
                yield Checked(line)
                continue
            order, faults, notes = self.reader.read(line.number, line.cells)
            found = Checked(line, text=order.text(), notes=notes)
            found.faults = [self.sheet.fault("", line.fault)] if line.fault else faults or self._twice(order)
            if not found.faults:
                self._against(found, order, stands)
            yield found

    def _is_known(self, mark: str, stands: Stands) -> bool:
        said, _, content = mark.rpartition(" ")
        return content == stands.content and said in ("", str(stands.round))

    def _twice(self, order: Order) -> list[Any]:
        first, content = self.seen.setdefault(order.number, (order.line, order.content))
        if first == order.line or content == order.content:
            return []
        return [self.sheet.fault("number", f"这个编号在第 {first} 行已经有了，内容不一样。请分两次导入。")]

    def _against(self, found: Checked, order: Order, stands: Stands | None) -> None:
        if stands is None and self.seen[order.number][0] == order.line:
            found.becomes = ADDED
            refusal = self.opening.refusal(order)
            if refusal is not None:
                found.faults = [self.sheet.fault("", self._why(order, refusal.sentence))]
            elif note := self.opening.note(order):
                found.notes.append(note)
            return
        if stands is None:
            return
        found.becomes = self._becomes(order, stands)
        if found.becomes == AGAIN and not self._verb(stands):
            found.faults = [self.sheet.fault("round", STILL.format(order.round))]

    def _why(self, order: Order, sentence: str) -> str:
        if order.secret or order.kept_out:
            return "要求保密的、对人有意见的，由街道或者区里收。请把这一行转给他们导入。"
        return sentence

    def _becomes(self, order: Order, stands: Stands) -> str:
        if order.round != stands.round:
            return AGAIN if order.round > stands.round else SAME
        return SAME if order.content == stands.content else CHANGED

    def _verb(self, stands: Stands) -> str:
        """By which act a next round begins; "" where the round before is not answered yet."""
        if stands.held and stands.stage in self.actions["outer_again"].from_:
            return "outer_again"
        return "outer_anew" if stands.stage in self.actions["outer_anew"].from_ else ""

    def _known(self, numbers: Sequence[str]) -> dict[str, Stands]:
        rows = OuterOrder.objects.filter(system=self.sheet.system, number__in=set(numbers))
        found = list(rows.values_list("number", "pk", "round", "content", "matter__stage"))
        ties = Tie.objects.filter(matter__in=[one[1] for one in found], role="holder", until=None)
        held = set(ties.values_list("matter", flat=True))
        return {one[0]: Stands(one[1], one[2], one[3], one[4], one[1] in held) for one in found}

    def carry(self, part: Sequence[str], at: datetime) -> Carried:
        """Take over what is new in one transaction; rounds and changes through the same door."""
        self.opening.at = at
        orders, done = [Order.of(text) for text in part], Carried()
        try:
            self._carry_new(orders, done)
        except IntegrityError:  # the same sheet elsewhere was faster: what it took over is known now
            done = Carried()
            self._carry_new(orders, done)
        return done

    def _carry_new(self, orders: Sequence[Order], done: Carried) -> None:
        known = self._known([one.number for one in orders])
        opened, refused = self.opening.open([one for one in orders if one.number not in known])
        done.counts[ADDED] += len(opened)
        done.refused += [(order.line, order.row, refusal.sentence) for order, refusal in refused]
        further = [(one, known[one.number]) for one in orders if one.number in known]
        taken = [found for order, stands in further if (found := self._further(order, stands))]
        outcomes = {id(one.order): one for one in door.take_all([taken_one for taken_one, _, _ in taken])}
        for taken_one, order, becomes in taken:
            outcome = outcomes[id(taken_one)]
            if outcome.refusal is not None:
                done.refused.append((order.line, order.row, outcome.refusal.sentence))
                continue
            done.counts[becomes] += 1
            OuterOrder.objects.filter(pk=taken_one.matter_id).update(content=order.content)
        done.counts[SAME] += len(further) - len(taken)

    def _further(self, order: Order, stands: Stands) -> tuple[Taken, Order, str] | None:
        becomes = self._becomes(order, stands)
        if becomes == SAME:
            return None
        verb = self._verb(stands) if becomes == AGAIN else "outer_change"
        said: dict[str, Any] = {
            "outer_round": order.round,
            "outer_category": order.category,
            "promised_outside": order.limit,
            "more": order.words[:1000],
            "row": json.dumps(order.row, ensure_ascii=False),
        }
        key = f"{self.opening.key(order)}-{verb}"
        step = Step(verb or "outer_again", said)
        return Taken(stands.matter, (step,), self.sheet.by, self.opening.at, key=key), order, becomes
