"""Keys for other systems: bound to one mandate, limited to named verbs, ended on a day, shown once, stored hashed.

A token never has more power than its mandate, and ends with it. Issuing and ending one are entries of the register
``access``; they are written by the caller, who knows the hand (the ledger stands above this floor).
"""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting, current_mandates
from gongzhi.kernel.people.models import Mandate, Token

READ, EVERYTHING = "read", "*"


@dataclass(frozen=True)
class Bearer:
    """Who a token speaks as, and what it may do: action ids, ``report``, ``read``, or ``*`` for all its mandate may."""

    acting: Acting
    verbs: frozenset[str]

    def may(self, verb: str) -> bool:
        """Whether the token was given this verb."""
        return verb in self.verbs or EVERYTHING in self.verbs


def issue(name: str, mandate: Mandate, *, verbs: list[str], until: datetime) -> tuple[Token, str]:
    """A new token and its text, which is shown now and never again. ValueError without a verb."""
    wanted = sorted({verb.strip() for verb in verbs if verb.strip()})
    if not wanted:
        raise ValueError("a token needs at least one verb")
    text = secrets.new_token()
    token = Token.objects.create(
        name=name, hash=secrets.hash_token(text), mandate=mandate, verbs=",".join(wanted), until=until
    )
    return token, text


def bearer(text: str, at: datetime) -> Bearer | None:
    """Who holds this token now; None when it is unknown, ended, or its mandate is (two statements)."""
    found = Token.objects.select_related("mandate__person").filter(hash=secrets.hash_token(text)).first()
    if found is None or found.until <= at or not found.mandate.person.is_active:
        return None
    mandates = current_mandates(found.mandate.person, at)
    mandate = next((one for one in mandates if one.pk == found.mandate_id), None)
    if mandate is None:
        return None
    person = found.mandate.person
    acting = Acting(kind="person", name=person.name, person=person, mandate=mandate, mandates=mandates)
    return Bearer(acting, frozenset(found.verbs.split(",")))


def end(token: Token, at: datetime) -> None:
    """End a token now."""
    Token.objects.filter(pk=token.pk).update(until=at)
