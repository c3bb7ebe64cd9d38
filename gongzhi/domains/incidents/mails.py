"""Mail that comes in: each letter is a report once, is ignored, or waits on a desk's list. None is lost."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from gongzhi.domains.incidents.actions import Report, Reported, receipt_for, report
from gongzhi.domains.incidents.models import MailTaken
from gongzhi.domains.incidents.queries import desk_report
from gongzhi.domains.incidents.queries.mails import PURPOSE, one, waiting
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.people import limits, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotKept, Refusal
from gongzhi.kernel.territory import gazetteer, tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

CHANNEL = "email"
REPORTED, IGNORED, KEPT = "report", "ignored", "kept"
LONGEST = 2000  # signs of a letter that become a report's words; the rest is cut, and said so
KEPT_LONGEST = 20_000  # signs of a letter that waits on the desk's list
SURE = 0.8
CUT = "\n（来信较长，后面的没有收进来。）"


@dataclass(frozen=True)
class Came:
    """A letter as it was read. ``why`` is set where no report may come of it; ``ignore`` where nobody need look."""

    id: str
    address: str
    words: str
    photos: tuple[Stored, ...] = ()
    why: str = ""
    ignore: bool = False


def take_in(came: Came, *, at: datetime) -> MailTaken | None:
    """One letter, once: the same id again gives the first row. None where the place has no district yet.

    An id is its sender's to choose: the same one from somebody else, or over other words, is another letter.
    """
    key = _key(came)
    known = MailTaken.objects.filter(key=key).first()
    district = tree.areas(localtime(at).date(), "district").order_by("pk").first()
    if known is not None or district is None:
        return known
    if came.ignore:
        return _row(key, district, IGNORED, came, at)
    why = came.why or ("" if came.words.strip() or came.photos else "没有内容")
    told: Reported | None = None
    many = _many(came.address, at)
    if not why:
        try:
            told = report(
                replace(_report(came, district, at), over_limit=many),
                by=Acting.public(CHANNEL),
                at=at,
                key=key,
            )
        except NotKept:
            raise
        except Refusal as refusal:
            why = refusal.sentence[:60]
    if many and not why:  # nobody is flooded with answers to letters somebody else sent in their name
        came = replace(came, address="")
    return _row(key, district, KEPT if why else REPORTED, came, at, why, told)


def _key(came: Came) -> str:
    said = "\x00".join([came.id, came.address, came.words, *(one.digest for one in came.photos)])
    return sm3(said.encode("utf-8", "surrogatepass"))


def _many(address: str, at: datetime) -> bool:
    """Whether one sender, or all of them together, wrote more in an hour than is taken without a second look."""
    most = limits.public()
    sender = limits.over("mail_sender", address, most["device"], at)
    return limits.over("mail", CHANNEL, most["address"], at) or sender


def _report(came: Came, district: Area, at: datetime) -> Report:
    words = came.words.strip()
    if len(words) > LONGEST:
        words = words[: LONGEST - len(CUT)] + CUT
    found = gazetteer.find_place(words[:200], district, at=at)
    sure = bool(found) and found[0].score >= SURE and (len(found) == 1 or found[0].score > found[1].score)
    area = desk_report.area(found[0].area_id, at) if sure else None
    guess = desk_report.guess(words, packs.load(pack_name(district)))
    return Report(
        area=area or district,
        words=words,
        category=guess.leaf,
        suggested=guess.leaf,
        photos=came.photos,
        channel=CHANNEL,
    )


def _row(
    key: str,
    district: Area,
    state: str,
    came: Came,
    at: datetime,
    why: str = "",
    told: Reported | None = None,
) -> MailTaken:
    kept = came.words[:KEPT_LONGEST] if state == KEPT else ""
    row, _ = MailTaken.objects.get_or_create(
        key=key,
        defaults={
            "area": district,
            "at": at,
            "state": state,
            "why": why,
            "address_enc": secrets.seal(came.address, purpose=PURPOSE) if came.address else None,
            "kept_enc": secrets.seal(kept, purpose=PURPOSE) if kept else None,
            "matter": told.matter if told is not None else None,
        },
    )
    return row


def unanswered() -> list[tuple[int, str, str, str]]:
    """Letters that became reports and were not answered yet: row, address, number, query code."""
    rows = MailTaken.objects.filter(state=REPORTED, answered_at=None, address_enc__isnull=False)
    found = []
    for one_ in rows.select_related("matter").order_by("pk")[:50]:
        if one_.matter is not None and one_.address_enc is not None and not one_.matter.private:
            _, digits = receipt_for(one_.key)
            number = one_.matter.number
            found.append((one_.pk, secrets.unseal(one_.address_enc, purpose=PURPOSE), number, digits))
    return found


def answered(row_id: int, at: datetime) -> None:
    """The receipt went out: the address is no longer needed."""
    MailTaken.objects.filter(pk=row_id).update(answered_at=at, address_enc=None)


def settle(row_id: int, *, by: Acting, at: datetime) -> None:
    """A letter on the list has been dealt with: who, when; its text goes. NotYours."""
    row = one(row_id, by=by, at=at)
    with transaction.atomic():
        waiting(by=by).filter(pk=row.id).update(settled_at=at, kept_enc=None, address_enc=None)
        facts = {"mail": str(row.id)}
        registers.record("access", "mail_settled", by=by, at=at, facts=facts, path=f"mail:{row.id}")


def sweep(at: datetime) -> int:
    """Let go of addresses and letters kept as long as the pack says. How many rows."""
    before = keeping(packs.load("cn"))["mails"].before(at)
    rows = MailTaken.objects.filter(at__lte=before).exclude(address_enc=None, kept_enc=None)
    return int(rows.update(address_enc=None, kept_enc=None))
