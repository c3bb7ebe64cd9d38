"""What can be done with incidents. Web, API, clock and import call these; a change is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.intake import Contact, Report, besides, hung
from gongzhi.domains.incidents.queries.desk_secrets import rings_back
from gongzhi.domains.incidents.queries.receipts import follows, made_of, own_hand
from gongzhi.domains.incidents.row import keep
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import door, gate, keys, search
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import open_matter
from gongzhi.kernel.process.models import Matter, Receipt, Tie
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotYours, Refusal, SayMore
from gongzhi.kernel.territory.packing import pack_name

__all__ = [
    "Contact",
    "Report",
    "Reported",
    "ask_to_mend",
    "forget_number",
    "report",
    "reveal_phone",
    "share",
    "solve_on_spot",
    "take",
]

STAFF_CHANNELS = ("desk", "phone", "hotline", "visit", "chat", "fair")
NO_CALL_BACK = "回访由上一级或热线打，办这件事的单位和网格不打。选别的用途。"
SAY_SOMETHING = "写一句就行，或者点右边录一段话。"


@dataclass(frozen=True)
class Reported:
    """The answer to a report. ``token`` and ``digits`` go to the reporter's own device only (empty for staff)."""

    matter: Matter
    tie_id: int | None
    token: str
    digits: str


def report(said: Report, *, by: Acting, at: datetime, key: str, happened: datetime | None = None) -> Reported:
    """Take in a report. ``key`` is the random 128-bit key made where the report was made.

    The same key and content gives the same answer again, receipt included: both are derived from the key.
    """
    pack = packs.load(pack_name(said.area))
    _enough(said, pack)
    place = hung(said, pack)
    token, digits = receipt_for(key)
    ties: dict[int, int | None] = {}
    new = NewMatter(
        kind="incident",
        pack=pack.name,
        area=place.area,
        action="report",
        title=place.title,
        source=said.channel,
        said=_said(said) | besides(said, place.category, pack),
        category=place.category,
        place="" if place.private else said.place[:200],
        point=said.point,
        point_source=said.point_source,
        private=place.private,
        about_person=bool(place.leaf.get("about_person")),
        restricted=place.restricted,
        prepare=lambda deed: ties.update(_prepare(deed, said, place.about, token, digits)),
        happened=happened,
        subject=said.subject,
        meant=_meant(said),
    )
    matter = open_matter(new, by=by, at=at, key=key)
    tie_id = ties[matter.pk] if matter.pk in ties else _reporter_of(matter)
    mine = by.kind in ("public", "receipt")
    return Reported(matter, tie_id, token if mine else "", digits if mine else "")


def _enough(said: Report, pack: packs.Pack) -> None:
    errors = {}
    if said.category and said.category not in pack.table("categories").get("leaf", {}):
        errors["category"] = "没有这个类别，请从列表里选一个。"
    told = said.words.strip() or said.voice is not None or said.photos or said.video is not None
    if not told and not (said.contact.wants_call and said.contact.phone):
        errors["words"] = SAY_SOMETHING
    if said.contact.wants_call and not said.contact.phone:
        errors["phone"] = "请留一个电话，我们才能给您打回去。"
    if said.channel in STAFF_CHANNELS and said.contact.phone and not said.consent:
        errors["consent"] = "替别人报，先问一句“您同意我替您报吗”，再打勾。"
    if errors:
        raise SayMore(errors)


def _said(said: Report) -> dict[str, Any]:
    return {
        "words": said.words,
        "place": said.place,
        "photos": list(said.photos),
        "voice": [said.voice] if said.voice is not None else [],
        "urgency": said.urgency,
        "channel": said.channel,
        "consent": said.consent,
        "wants_call": said.contact.wants_call,
    }


def _meant(said: Report) -> dict[str, Any]:
    """What else makes it another report than the one sent before; the number only as its tag."""
    contact = said.contact
    return {
        "about": sorted(said.about),
        "keep_out": said.keep_out,
        "point": [str(one) for one in said.point or ()],
        "number": secrets.tag(contact.phone) if contact.phone else "",
        "who_may_see": contact.who_may_see if contact.phone else "",
        "told_by": contact.told_by if contact.phone else "",
    }


def receipt_for(key: str) -> tuple[str, str]:
    """Token and 12 digits of a report, by the key it was sent with: same key, same receipt."""
    return made_of(keys.named(key))


def _reporter_of(matter: Matter) -> int | None:
    """The reporter's tie of a matter that stood before: the same key was sent again."""
    return Tie.objects.filter(matter=matter, role="reporter").values_list("pk", flat=True).first()


def _prepare(
    deed: Deed, said: Report, about: Sequence[int], token: str, digits: str
) -> dict[int, int | None]:
    """Ties, receipt, the incident's row and the search tokens, in the report's own transaction: matter → its tie."""
    tie = deed.add_tie("reporter") if said.channel != "patrol" else None
    if tie is not None:
        receipt = _receipt(deed.matter.pk, tie.pk, said.contact, token, digits)
        deed.after_rows(lambda: receipt.save(force_insert=True))
    for organisation_id in about:
        deed.add_tie("about", organisation_id=organisation_id)
    keep(deed, urgency=said.urgency, suggested=said.suggested, over_limit=said.over_limit)
    if not deed.matter.private:
        text = f"{deed.matter.number} {deed.matter.title} {said.place} {said.words}"
        deed.after_rows(lambda: search.index(deed.matter.pk, text))
    return {deed.matter.pk: tie.pk if tie else None}


def _receipt(matter_id: int, tie_id: int, contact: Contact, token: str, digits: str) -> Receipt:
    return Receipt(
        tie_id=tie_id,
        matter_id=matter_id,
        token_hash=secrets.hash_token(token),
        digits_hash=secrets.hash_code(digits),
        phone_enc=secrets.seal(contact.phone) if contact.phone else None,
        phone_tag=secrets.tag(contact.phone) if contact.phone else "",
        who_may_see=contact.who_may_see if contact.phone else "none",
        wants_call=contact.wants_call,
        told_by=contact.told_by if contact.phone else "none",
    )


def take(
    matter: Matter | int,
    action: str,
    *,
    by: Acting,
    at: datetime,
    seen: int | None = None,
    key: str | None = None,
    happened: datetime | None = None,
    then: Sequence[tuple[str, dict[str, Any]]] = (),
    **said: Any,
) -> Entry:
    """Take one action on an incident: see :func:`gongzhi.kernel.process.door.take`."""
    return door.take(matter, action, by=by, at=at, seen=seen, key=key, happened=happened, then=then, **said)


def solve_on_spot(
    said: Report,
    done: str,
    after_photos: Sequence[Any],
    *,
    by: Acting,
    at: datetime,
    key: str,
    happened: datetime | None = None,
) -> Reported:
    """Found and solved on the spot (即办即结): reported and handled by the same hand, each with its entry."""
    if not done.strip():
        raise SayMore({"done_on_spot": "写一句当场做了什么。"})
    told = report(said, by=by, at=at, key=key, happened=happened)
    take(
        told.matter,
        "self_handle",
        by=by,
        at=at,
        key=f"{key}-solved",
        happened=happened,
        done_on_spot=done,
        after_photos=list(after_photos),
    )
    return told


def ask_to_mend(
    matter: Matter, request: str, organisation_id: int, *, by: Acting, at: datetime, key: str
) -> Matter:
    """Tell those a complaint is about what to mend: a child that carries no reporter, no original words, no photos."""
    found = gate.one(matter.pk, by=by, at=at)
    if found is None or found[1] != "full":
        raise NotYours("没有这件事，或者不归您看。", hidden=True)

    def prepare(deed: Deed) -> None:
        deed.add_tie("holder", organisation_id=organisation_id)
        deed.add_tie("sender", organisation_id=by.mandate.organisation_id if by.mandate else None)

    new = NewMatter(
        kind="mend",
        pack=matter.pack,
        area=matter.area,
        action="ask",
        title="改正通知",
        source="desk",
        said={"mend_request": request},
        parent_id=matter.pk,
        restricted=True,
        prepare=prepare,
    )
    return open_matter(new, by=by, at=at, key=key)


def reveal_phone(matter: Matter, purpose: str, *, by: Acting, at: datetime) -> str:
    """Show the reporter's number to who has to ring; the look and its purpose are kept, and the reporter sees them.

    Refused where the reporter chose otherwise (``who_may_see``).
    """
    receipt = (
        Receipt.objects.filter(matter=matter, tie__role__in=("reporter", "caller"))
        .exclude(phone_enc=None)
        .first()
    )
    found = gate.one(matter.pk, by=by, at=at)
    purposes = packs.load(matter.pack).get("fields.incident.purpose.choices", {})
    if receipt is None or found is None or found[1] != "full" or not may_ring(receipt, by):
        raise NotYours("反映人没有把号码留给您这一级。")
    if purpose == "call_back" and not rings_back(found[0], by):
        raise SayMore({"purpose": NO_CALL_BACK})
    if purpose not in purposes:
        raise SayMore({"purpose": "先选为什么要看号码。"})
    facts = {"matter": str(matter.pk), "purpose": purpose}
    registers.record("access", "reveal", by=by, at=at, facts=facts, path=f"matter:{matter.pk}")
    return secrets.unseal(receipt.phone_enc or b"")


def may_ring(receipt: Receipt, by: Acting) -> bool:
    """Whether this hand may see the number, by the reporter's own choice of four."""
    if by.mandate is None or not by.whole or receipt.who_may_see == "none" or receipt.phone_enc is None:
        return False
    kind = by.mandate.organisation.kind if by.mandate.organisation else ""
    if by.role == "part_time_worker":
        return False
    if receipt.who_may_see == "community_only":
        return kind == "committee"
    if receipt.who_may_see == "sealed_from_grid":
        return kind in ("street_office", "district_centre")
    return True


def forget_number(rows: Sequence[Receipt], *, at: datetime, key: str) -> int:
    """Take a number away from every matter of these receipts, by the reporter's own hand; how many could not be done.

    Each is an entry of its own matter; nothing anywhere says that they belonged together.
    """
    left = 0
    for receipt in rows:
        act = "stop_following" if follows(receipt) else "forget_contact"
        try:
            take(receipt.matter_id, act, by=own_hand(receipt), at=at, key=key)
        except Refusal:
            left += 1
    return left


def share(receipt: Receipt, *, by: Acting, at: datetime) -> str:
    """A second, read-only link without words and photos. Only the reporter's own hand makes one."""
    if by.kind != "receipt" or by.tie_id != receipt.tie_id:
        raise NotYours("这条链接只能由反映人自己生成。")
    token = secrets.new_token()
    Receipt.objects.filter(pk=receipt.pk).update(share_hash=secrets.hash_token(token))
    registers.record("access", "share", by=by, at=at, path=f"matter:{receipt.matter_id}")
    return token
