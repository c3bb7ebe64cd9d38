"""Who acts, as what, and for whom. Never optional, never a superuser; the clock and each channel are actors too."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel.people.models import Mandate, Person


@dataclass(frozen=True)
class Acting:
    """One hand: a person under exactly one mandate, a resident's receipt, a reading code, a channel, the clock …

    ``mandates`` are all current mandates of the person, whatever they act as: guards of independence and the
    refusal of the organisation complained about compare persons.
    """

    kind: str
    name: str = ""
    person: Person | None = None
    mandate: Mandate | None = None
    mandates: tuple[Mandate, ...] = ()
    tie_id: int | None = None
    matter_id: int | None = None

    @property
    def actor(self) -> str:
        """How the ledger names the hand: ``person:12``, ``tie:345``, ``channel:portal``, ``clock`` …"""
        if self.person is not None:
            return f"person:{self.person.pk}"
        if self.kind in ("receipt", "code", "follower"):
            return f"tie:{self.tie_id}"
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def acting_as(self) -> str:
        """The one mandate or tie acted as."""
        if self.mandate is not None:
            return f"mandate:{self.mandate.pk}"
        return f"tie:{self.tie_id}" if self.tie_id else ""

    @property
    def role(self) -> str:
        """Role id of the mandate, or the kind of hand."""
        return self.mandate.role if self.mandate is not None else self.kind

    @property
    def for_whom(self) -> str:
        """The mandate stood in for, if any."""
        stood_in = self.mandate.stands_in_for_id if self.mandate is not None else None
        return f"mandate:{stood_in}" if stood_in else ""

    @property
    def absent(self) -> int | None:
        """Id of the person stood in for, if any: what they took at that desk is this hand's meanwhile."""
        mandate = self.mandate
        return mandate.stands_in_for.person_id if mandate is not None and mandate.stands_in_for else None

    @property
    def whole(self) -> bool:
        """Whether the hand has all of its desk: a deputy was handed its approvals and nothing beside them."""
        return self.mandate is None or not self.mandate.only

    @property
    def persons(self) -> frozenset[int]:
        """Ids of the person and of the one stood in for: what nobody does for himself, no stand-in does for him."""
        own = self.person.pk if self.person is not None else None
        return frozenset(one for one in (own, self.absent) if one is not None)

    @property
    def organisations(self) -> frozenset[int]:
        """Ids of every organisation in which the person holds a current mandate."""
        return frozenset(m.organisation_id for m in self.mandates if m.organisation_id is not None)

    @classmethod
    def clock(cls) -> "Acting":
        """The clock: finds what is due; may remind, urge, raise, archive; never supervises."""
        return cls(kind="clock")

    @classmethod
    def public(cls, channel: str = "portal") -> "Acting":
        """Anyone, without a name, through a channel."""
        return cls(kind="public", name=channel)

    @classmethod
    def operator(cls, name: str, reason: str) -> "Acting":
        """An operator's logged session: own name and a reason, never the person on whose behalf it was done."""
        if not name.strip() or not reason.strip():
            raise ValueError("an operator gives a name and a reason")
        said = " ".join(f"{name.strip()}|{reason.strip()}".split())
        return cls(kind="operator", name=said[:50])

    @classmethod
    def receipt(cls, tie_id: int, matter_id: int) -> "Acting":
        """The reporter's own hand, proved by the link on their own device."""
        return cls(kind="receipt", tie_id=tie_id, matter_id=matter_id)

    @classmethod
    def follower(cls, tie_id: int, matter_id: int) -> "Acting":
        """Somebody who met the same thing and follows the matter: reads its public course, may stop following."""
        return cls(kind="follower", tie_id=tie_id, matter_id=matter_id)

    @classmethod
    def code(cls, tie_id: int, matter_id: int) -> "Acting":
        """Somebody who typed number and query code, or holds a shared link: reads only."""
        return cls(kind="code", tie_id=tie_id, matter_id=matter_id)


def current_mandates(person: Person, at: datetime) -> tuple[Mandate, ...]:
    """All mandates of a person that hold at a moment, areas and organisations loaded (one statement)."""
    rows = Mandate.objects.filter(person=person, since__lte=at)
    rows = rows.select_related("area", "organisation", "stands_in_for__person")
    return tuple(m for m in rows.order_by("id") if m.until is None or m.until > at)


def as_mandate(person: Person, mandate_id: int | None, at: datetime) -> Acting | None:
    """The person under one of their current mandates (the first when none is named); None without any."""
    mandates = current_mandates(person, at)
    chosen = next((m for m in mandates if m.pk == mandate_id), None) if mandate_id else None
    if chosen is None and mandate_id is None and mandates:
        chosen = mandates[0]
    if chosen is None or not person.is_active:
        return None
    return Acting(kind="person", name=person.name, person=person, mandate=chosen, mandates=mandates)
