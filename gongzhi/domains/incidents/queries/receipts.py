"""The resident's hand: a link on their own device, a code to the number they left; 12 digits only read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from gongzhi.kernel import packs
from gongzhi.kernel.models import Receipt, WrongCode
from gongzhi.kernel.people import limits, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.standing import FOLLOWER

HOUR = timedelta(hours=1)
LONGEST_NUMBER = 20


class TooManyTries(Exception):
    """Too many wrong codes in an hour for one number; ``until`` says when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("这个编号试错了太多次，请过一小时再试。用留下的手机号也能看，或者打社区电话问。")
        self.until = until


def made_of(key_digest: str) -> tuple[str, str]:
    """Token and 12 digits made of a key's stored digest under the server's secret: neither alone gives them."""
    token = secrets.derive("receipt token", key_digest)[:32]
    return token, f"{int(secrets.derive('receipt digits', key_digest), 16) % 10**12:012d}"


def by_token(token: str) -> Receipt | None:
    """The receipt whose link this is; None for any other text."""
    return _one(token_hash=secrets.hash_token(token)) if token else None


def by_share(token: str) -> Receipt | None:
    """The receipt that was shared by this read-only link."""
    return _one(share_hash=secrets.hash_token(token)) if token else None


def by_ids(ids: list[int]) -> list[Receipt]:
    """Receipts known to a device, newest first."""
    return list(
        Receipt.objects.filter(pk__in=ids, tie__until=None)
        .select_related("tie", "matter", "matter__area")
        .order_by("-pk")
    )


def by_digits(number: str, digits: str, *, at: datetime, sender: str = "") -> Receipt | None:
    """The receipt for a matter's number and its 12 digits.

    Raises :class:`TooManyTries` after five wrong an hour by one sender (an address), or a hundred by all together: of
    10¹² a hundred an hour find nothing, and a stranger who types wrong ones does not shut the reporter out.
    """
    if len(number) > LONGEST_NUMBER:
        return None
    each, every = (_tries(name) for name in ("receipt_tries_per_hour", "receipt_tries_of_all_per_hour"))
    wrong = WrongCode.objects.filter(number=number, at__gt=at - HOUR).order_by("at")
    times = list(wrong.values_list("at", flat=True)[:every])
    own = limits.Limit(each, HOUR)
    if len(times) >= every or limits.full("digits", f"{number} {sender}", own, at):
        raise TooManyTries(times[0] + HOUR if times else at + HOUR)
    for receipt in Receipt.objects.filter(matter__number=number, tie__until=None).select_related(
        "tie", "matter", "matter__area"
    ):
        if secrets.code_matches(receipt.digits_hash, digits):
            return receipt
    WrongCode.objects.create(number=number, at=at)
    limits.over("digits", f"{number} {sender}", own, at)
    return None


def _tries(name: str) -> int:
    return int(packs.load("cn").table("terms")["limits"][name])


def of_number(tags: Sequence[str], since: datetime | None = None) -> list[Receipt]:
    """Receipts on which this number was left for their matters, newest first; with ``since`` only matters opened later.

    A resident's own list (powers, section 2): found by the number's tag, never kept, counted or grouped. Private kinds
    are not in it, since a telephone lies about at home: they open with their own link or code alone. Nor is what came
    as another system's order: it is answered there.
    """
    rows = _left(tags).select_related("tie", "matter", "matter__area", "matter__process")
    if since is not None:
        rows = rows.filter(matter__opened_at__gte=since)
    return list(rows.order_by("-matter__opened_at", "-pk"))


def is_left(tags: Sequence[str]) -> bool:
    """Whether any matter's reporter left this number, private kinds aside."""
    return _left(tags).exists()


def _left(tags: Sequence[str]) -> QuerySet[Receipt]:
    wanted = [tag for tag in tags if tag]
    rows = Receipt.objects.filter(phone_tag__in=wanted, tie__until=None, matter__private=False)
    return rows.exclude(tie__role="caller")


def open_link(receipt: Receipt, at: datetime) -> bool:
    """Whether this is the first device to open a reporter's link: it may act, every later one only reads."""
    return Receipt.objects.filter(pk=receipt.pk, link_opened_at=None).update(link_opened_at=at) == 1


def own_hand(receipt: Receipt) -> Acting:
    """The reporter, or one who follows, with the link on their own device."""
    if follows(receipt):
        return Acting.follower(receipt.tie_id, receipt.matter_id)
    return Acting.receipt(receipt.tie_id, receipt.matter_id)


def reading_hand(receipt: Receipt) -> Acting:
    """Somebody who typed the code or holds a shared link: reads only. Who follows never reads more than the course."""
    if follows(receipt):
        return Acting.follower(receipt.tie_id, receipt.matter_id)
    return Acting.code(receipt.tie_id, receipt.matter_id)


def follows(receipt: Receipt) -> bool:
    """Whether a receipt is of somebody who follows, not of the reporter."""
    return receipt.tie.role == FOLLOWER


def _one(**found_by: str) -> Receipt | None:
    return (
        Receipt.objects.filter(tie__until=None, **found_by)
        .select_related("tie", "matter", "matter__area")
        .first()
    )
