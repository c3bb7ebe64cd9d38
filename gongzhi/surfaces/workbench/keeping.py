"""What a phone may keep of the staff's pages for where there is no signal, and under whose hand (decisions 8, 19).

The server decides page by page: a response that carries the header may be kept by the phone's worker script for
three days, in a store of this one hand. ``nobody`` tells the script to empty every store.
"""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from gongzhi.kernel.people.acting import Acting

HEADER = "Gongzhi-Keep"
NOBODY = "nobody"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def hand_mark(by: Acting) -> str:
    """A name for one person under one mandate that tells a phone nothing else; "" for whoever has none."""
    return mark_of(by.person.pk, by.mandate.pk) if by.person and by.mandate else ""


def mark_of(person_id: int, mandate_id: int) -> str:
    """The same of a mandate that may have ended."""
    return _mark(f"{person_id}:{mandate_id}")


def person_mark(by: Acting) -> str:
    """The same for the person alone: another mandate of the same person is not another person."""
    return person_mark_of(by.person.pk) if by.person else ""


def person_mark_of(person_id: int) -> str:
    """The same of somebody who has no mandate any more."""
    return _mark(str(person_id))


def _mark(named: str) -> str:
    return salted_hmac("desk-hand", named, algorithm="sha256").hexdigest()[:24]


def may_keep(response: Answer, by: Acting) -> Answer:
    """Allow this hand's phone to keep a page that was drawn in full; never a refusal."""
    if response.status_code == 200 and (mark := hand_mark(by)):
        response[HEADER] = mark
    return response


def nobody(response: Answer) -> Answer:
    """Nobody sits here any more: the phone forgets what it kept."""
    response[HEADER] = NOBODY
    return response
