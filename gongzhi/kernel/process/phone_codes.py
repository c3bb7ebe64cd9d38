"""Six digits sent to a number: what proves, for half an hour and in one browser, that somebody holds that number.

Asking writes the same rows in the same time whether or not the number is known; who carries the message looks, outside
the request. The code stands in no row and no log: it is made of the row's id under a key outside the database.
"""

import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from gongzhi.kernel import packs
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Delivery
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.models import PhoneCode, WrongCode

DIGITS = 6
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOLLOWER = "tell:phone_code"
log = logging.getLogger(__name__)


class NoCode(Exception):
    """No code is sent, or what was typed is not it; ``sentence`` says why and what helps."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Waits(NoCode):
    """Asked too often: by this number, or by everybody together."""


class Wrong(NoCode):
    """Other digits than the ones sent; more tries are left."""


class Closed(NoCode):
    """This code is over: too old, tried too often, used, or asked for by another browser."""


@dataclass(frozen=True)
class Rules:
    """The pack's figures (``terms.toml``, table ``codes``)."""

    valid: timedelta
    tries: int
    wait: timedelta
    number_per_day: int
    per_hour: int
    per_day: int
    browser_per_hour: int
    address_per_hour: int
    session: timedelta
    listed: timedelta

    @classmethod
    def of(cls, pack: Pack) -> "Rules":
        """The figures of a pack."""
        said = {name: int(value) for name, value in pack.table("terms")["codes"].items() if _is_count(value)}
        return cls(
            valid=timedelta(minutes=said["valid_minutes"]),
            tries=said["tries"],
            wait=timedelta(seconds=said["wait_seconds"]),
            number_per_day=said["number_per_day"],
            per_hour=said["per_hour"],
            per_day=said["per_day"],
            browser_per_hour=said["browser_per_hour"],
            address_per_hour=said["address_per_hour"],
            session=timedelta(minutes=said["session_minutes"]),
            listed=timedelta(days=said["list_days"]),
        )


@dataclass(frozen=True)
class Spent:
    """How many codes were asked for in the last hour and day, and how many there may be."""

    hour: int
    hour_most: int
    day: int
    day_most: int

    @property
    def paused(self) -> bool:
        """Whether codes pause until the hour or the day has gone on."""
        return self.hour >= self.hour_most or self.day >= self.day_most


def spent(at: datetime, rules: Rules) -> Spent:
    """The budget as it stands (two statements); for the page, the operator's page and ``/metrics``."""
    rows = PhoneCode.objects.all()
    return Spent(
        hour=rows.filter(asked_at__gt=at - HOUR).count(),
        hour_most=rules.per_hour,
        day=rows.filter(asked_at__gt=at - DAY).count(),
        day_most=rules.per_day,
    )


def ask(phone: str, *, browser: str, at: datetime, rules: Rules) -> PhoneCode:
    """A code for a number, to be sent by its delivery; ``browser`` is the random mark of who asked. Raises Waits.

    Everything is counted under the lock of the access register, so that two at once count one after the other.
    """
    row = PhoneCode(
        id=new_id(),
        phone_enc=secrets.seal(phone),
        phone_tag=secrets.tag(phone),
        browser_hash=secrets.hash_token(browser),
        asked_at=at,
        expires_at=at + rules.valid,
    )
    with transaction.atomic():
        entry = registers.record("access", "ask_code", by=Acting.public(), at=at, facts={"code": str(row.pk)})
        _one_more(phone, at, rules)
        row.save(force_insert=True)
        Delivery.objects.create(entry=entry, follower=FOLLOWER, next_at=at)
    return row


def _one_more(phone: str, at: datetime, rules: Rules) -> None:
    """Raise Waits where the number or the house has had enough; tell the operator when this is the last one."""
    asked = PhoneCode.objects.filter(phone_tag__in=secrets.tags(phone), asked_at__gt=at - DAY)
    before = list(asked.order_by("-asked_at").values_list("asked_at", flat=True)[: rules.number_per_day])
    if before and before[0] > at - rules.wait:
        left = int((before[0] + rules.wait - at).total_seconds()) + 1
        raise Waits(f"刚要过一个。过 {left} 秒再要，先等等短信。")
    if len(before) >= rules.number_per_day:
        raise Waits(f"这个号码一天里要了 {rules.number_per_day} 次，明天再要。今天可以用编号和查询码看。")
    now = spent(at, rules)
    if now.paused:
        raise Waits("现在要验证码的人太多，先停一停。上报照常，进度可以用编号和查询码看。")
    if now.hour + 1 >= now.hour_most or now.day + 1 >= now.day_most:
        counts = {"hour": now.hour + 1, "day": now.day + 1}
        log.error("phone codes: the budget is used up, codes pause", extra=counts)


def code_of(row_id: int) -> str:
    """The six digits of a row, for who carries them and for comparing."""
    return f"{int(secrets.derive('phone code', str(row_id)), 16) % 10**DIGITS:0{DIGITS}d}"


def enter(row_id: int, typed: str, *, browser: str, at: datetime, rules: Rules) -> PhoneCode:
    """Type a code in the browser that asked for it. Raises Wrong, Closed.

    A try is counted before it is compared, in one statement with its limit: two at once never make six.
    """
    mine = PhoneCode.objects.filter(pk=row_id, browser_hash=secrets.hash_token(browser))
    open_now = mine.filter(used_at=None, ended_at=None, expires_at__gt=at, tries__lt=rules.tries)
    if not open_now.update(tries=F("tries") + 1):
        raise Closed("这个验证码不能用了。重新要一个。")
    if not hmac.compare_digest(code_of(row_id).encode(), typed.encode()):
        raise _wrong(mine.values_list("tries", flat=True).get(), rules)
    with transaction.atomic():
        if not mine.filter(used_at=None).update(used_at=at):
            raise Closed("这个验证码用过了。重新要一个。")
        facts = {"code": str(row_id), "purpose": "own_list"}
        registers.record("access", "own_list", by=Acting.public(), at=at, facts=facts)
    return mine.get()


def _wrong(tries: int, rules: Rules) -> NoCode:
    left = rules.tries - tries
    if left <= 0:
        return Closed(f"试错了 {rules.tries} 次，这个验证码不能用了。重新要一个。")
    return Wrong(f"验证码不对，请再看一眼短信。还可以试 {left} 次。")


def session(row_id: int, *, browser: str, at: datetime, rules: Rules) -> PhoneCode | None:
    """The row of a code typed in this browser not too long ago and not signed out; None otherwise (one statement)."""
    return _live(at, rules).filter(pk=row_id, browser_hash=secrets.hash_token(browser)).first()


def _live(at: datetime, rules: Rules) -> QuerySet[PhoneCode]:
    return PhoneCode.objects.filter(used_at__gt=at - rules.session, ended_at=None)


def phone_of(row: PhoneCode) -> str:
    """The number a row was asked for."""
    return secrets.unseal(row.phone_enc)


def end(*, browser: str, at: datetime) -> None:
    """Sign this browser out, of every number that was proved in it: a cookie copied before opens nothing after."""
    mine = PhoneCode.objects.filter(browser_hash=secrets.hash_token(browser))
    mine.filter(ended_at=None).update(ended_at=at)


def forget(tags: Sequence[str]) -> None:
    """Remove every row of a number: whoever takes their number away leaves none behind here."""
    PhoneCode.objects.filter(phone_tag__in=list(tags)).delete()


def due(delivery: Delivery, at: datetime) -> PhoneCode | None:
    """The row a delivery carries; None where it is too late or the code was used."""
    row_id = int(json.loads(delivery.entry.facts)["code"])
    return PhoneCode.objects.filter(pk=row_id, expires_at__gt=at, used_at=None, ended_at=None).first()


def sweep(at: datetime) -> int:
    """Remove codes asked for, and wrong query codes typed, as long ago as the common pack keeps them; how many went."""
    rows = keeping(packs.load("cn"))
    codes = PhoneCode.objects.filter(asked_at__lte=rows["phone_codes"].before(at)).delete()[0]
    return codes + WrongCode.objects.filter(at__lte=rows["wrong_codes"].before(at)).delete()[0]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
