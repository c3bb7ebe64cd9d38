"""Letters that became no report, for the district's desk: when they came, why, and one opened with its text."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongzhi.domains.incidents.models import MailTaken
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours

PURPOSE = "mail"
ROLES = ("hotline_clerk", "district_dispatcher", "district_chief")
PAGE = 60


@dataclass(frozen=True)
class Waiting:
    """A letter on the list; ``text`` and ``address`` only where it was opened."""

    id: int
    at: datetime
    why: str
    text: str = ""
    address: str = ""


def minds(by: Acting) -> bool:
    """Whether the hand keeps the district's letters."""
    return by.mandate is not None and by.whole and by.role in ROLES and by.mandate.area is not None


def waiting(*, by: Acting) -> QuerySet[MailTaken]:
    """Letters nobody has dealt with. NotYours."""
    if not minds(by) or by.mandate is None:
        raise NotYours("来信由区指挥中心和热线台看。")
    return MailTaken.objects.filter(area=by.mandate.area_id, state="kept", settled_at=None)


def listed(*, by: Acting, at: datetime) -> list[Waiting]:
    """The list, the oldest first."""
    rows = waiting(by=by).order_by("at").values_list("pk", "at", "why")[:PAGE]
    return [Waiting(*row) for row in rows]


def one(row_id: int, *, by: Acting, at: datetime) -> Waiting:
    """One letter, for whoever deals with it. NotYours (hidden) where there is none."""
    row = waiting(by=by).filter(pk=row_id).first()
    if row is None:
        raise NotYours("没有这封信，或者已经办过。", hidden=True)
    text = secrets.unseal(row.kept_enc, purpose=PURPOSE) if row.kept_enc is not None else ""
    address = secrets.unseal(row.address_enc, purpose=PURPOSE) if row.address_enc is not None else ""
    return Waiting(row.pk, row.at, row.why, text, address)


def opened(row_id: int, *, by: Acting, at: datetime) -> Waiting:
    """One letter opened, with its text; that it was opened is kept."""
    found = one(row_id, by=by, at=at)
    registers.record("access", "mail_read", by=by, at=at, facts={"mail": str(row_id)}, path=f"mail:{row_id}")
    return found
