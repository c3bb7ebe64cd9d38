"""Orders become matters: many at once, through the one door, each with its order, receipt and tokens in bulk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from gongzhi.domains.incidents.intake import Contact, Hung, Report, hung
from gongzhi.domains.incidents.models import Incident
from gongzhi.domains.incidents.outer import upper
from gongzhi.domains.incidents.outer.models import OuterBatch, OuterOrder, UpperRow
from gongzhi.domains.incidents.outer.parse import Order
from gongzhi.domains.incidents.outer.row import SOURCE
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import door, search
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Matter, Receipt
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotYet, NotYours, Refusal
from gongzhi.kernel.territory.models import Area

CALLER = (
    "caller"  # the tie of who called another system: no reporter of ours, so nobody rates, is told or follows
)
SEALED = "sealed_from_grid"


@dataclass
class Opening:
    """A few hundred orders on their way into the house; their own rows are written once, in the same transaction."""

    pack: Pack
    system: str
    area: Area
    by: Acting
    at: datetime
    batch: OuterBatch | None = None
    areas: dict[int, Area] = field(default_factory=dict)
    units: dict[int, Organisation] = field(default_factory=dict)
    rows: list[Model] = field(default_factory=list)
    tokens: list[tuple[int, str]] = field(default_factory=list)

    def open(self, orders: Sequence[Order]) -> tuple[list[Order], list[tuple[Order, Refusal]]]:
        """Open them; which were, and which the door refused (one that a unit may not have goes to the desk instead)."""
        self._look_up(orders)
        self.rows, self.tokens = [], []
        news = [(self.new(one, sent=self.may_send(one)), self.key(one)) for one in orders]
        done = door.open_all(news, by=self.by, at=self.at)
        refused = [(order, one.refusal) for order, one in zip(orders, done, strict=True) if one.refusal]
        no = {id(order) for order, _ in refused}
        return [one for one in orders if id(one) not in no], refused

    def refusal(self, order: Order) -> Refusal | None:
        """Why the order could not be taken over by this hand; nothing is written."""
        self._look_up([order])
        found = door.rehearse(self.new(order, sent=False), by=self.by, at=self.at)
        self.rows, self.tokens = [], []
        return found

    def note(self, order: Order) -> str:
        """Why the unit the sheet names does not get it at once; "" where it does, or none is named."""
        if not order.unit or self.may_send(order):
            return ""
        no = self._denied(order)
        unit = self.units[order.unit]
        why = no.sentence.rpartition("：")[2] if isinstance(no, NotYet) else "由受理台派。"
        return f"不直接派给{unit}：{why}"

    def may_send(self, order: Order) -> bool:
        """Whether the unit the sheet names may have it without the desk's look."""
        if not order.unit or order.kept_out:
            return False
        self._look_up([order])
        return order.unit in self.units and self._denied(order) is None

    def _denied(self, order: Order) -> Refusal | None:
        if order.kept_out:
            return NotYet("可能是对人、对单位有意见，先由受理台看。")
        found = door.rehearse(self.new(order, sent=True), by=self.by, at=self.at)
        self.rows, self.tokens = [], []
        return found if isinstance(found, NotYet | NotYours) else None

    def _look_up(self, orders: Sequence[Order]) -> None:
        wanted = {one.area for one in orders} - set(self.areas)
        if wanted:
            self.areas |= Area.objects.in_bulk(wanted)
        units = {one.unit for one in orders if one.unit} - set(self.units)
        if units:
            self.units |= Organisation.objects.in_bulk(units)

    def key(self, order: Order) -> str:
        """The same order of the same system and round with the same content is the same sending."""
        return f"outer-{self.system}-{order.number}-{order.round}-{order.content}"

    def new(self, order: Order, *, sent: bool) -> NewMatter:
        """What the order's matter is opened with."""
        place = hung(
            Report(
                area=self.areas[order.area],
                words=order.words,
                category=order.leaf,
                place=order.place,
                keep_out=order.secret or order.kept_out,
            ),
            self.pack,
        )
        return NewMatter(
            kind="incident",
            pack=self.pack.name,
            area=place.area,
            action="take_over_sent" if sent else "take_over",
            title=place.title,
            source=SOURCE,
            said=self._said(order, sent),
            category=place.category,
            place="" if place.private else order.place[:200],
            private=place.private,
            about_person=bool(place.leaf.get("about_person")),
            restricted=place.restricted,
            prepare=lambda deed: self._prepare(deed, order, place),
        )

    def _said(self, order: Order, sent: bool) -> dict[str, object]:
        found: dict[str, object] = {
            "outer_system": self.system,
            "outer_no": order.number,
            "outer_round": order.round,
            "outer_category": order.category,
            "promised_outside": order.limit,
            "outer_secret": order.secret,
            "urgency": order.urgency,
            "words": order.words,
            "caller": order.caller,
            "row": json.dumps(order.row, ensure_ascii=False),
            "place": order.place,
        }
        return found | ({"to": self.units[order.unit]} if sent else {})

    def _prepare(self, deed: Deed, order: Order, place: Hung) -> None:
        matter = deed.matter
        if not self.rows:
            deed.after_rows(self._save)
        self.rows.append(Incident(matter_id=matter.pk, urgency=order.urgency, suggested=order.suggested))
        own = OuterOrder(
            matter_id=matter.pk,
            system=self.system,
            number=order.number,
            round=order.round,
            category=order.category,
            received_at=datetime.fromisoformat(order.received) if order.received else None,
            limit_at=datetime.fromisoformat(order.limit) if order.limit else None,
            secret=order.secret,
            content=order.content,
            batch=self.batch,
        )
        deed.work.outer = own  # type: ignore[attr-defined]
        self.rows.append(own)
        self.rows += upper.rows_for(matter, self.pack, self.at)
        if order.phone:
            tie = deed.add_tie(CALLER)
            self.rows.append(_receipt(matter, tie.pk, order))
        if not matter.private:
            text = f"{matter.number} {matter.title} {order.place} {order.words} {order.number}"
            self.tokens.append((matter.pk, text))

    def _save(self) -> None:
        kinds: tuple[type[Model], ...] = (Incident, OuterOrder, UpperRow, Receipt)
        for model in kinds:
            rows = [row for row in self.rows if isinstance(row, model)]
            if rows:
                model._default_manager.bulk_create(rows)
        search.index_all(self.tokens)


def _receipt(matter: Matter, tie_id: int, order: Order) -> Receipt:
    """How to reach the caller, for who has to ring; its token goes nowhere, so that nobody acts by it."""
    contact = Contact(order.phone, SEALED if order.secret else "all")
    return Receipt(
        tie_id=tie_id,
        matter_id=matter.pk,
        token_hash=secrets.hash_token(secrets.new_token()),
        digits_hash="",
        phone_enc=secrets.seal(contact.phone),
        phone_tag=secrets.tag(contact.phone),
        who_may_see=contact.who_may_see,
        told_by=contact.told_by,
    )
