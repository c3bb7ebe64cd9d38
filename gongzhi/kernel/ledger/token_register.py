"""Tokens given to other systems and taken back, each time with its entry in the register of access."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people import tokens
from gongzhi.kernel.people.acting import Acting, current_mandates
from gongzhi.kernel.people.models import Mandate, Person, Token
from gongzhi.kernel.territory.packing import pack_name

ALWAYS = ("report", tokens.READ, tokens.EVERYTHING)
LONGEST_NAME = 60
INSTANT = timedelta(seconds=1)  # ``until`` is the midnight after the last day


class NotGiven(ValueError):
    """Why a token cannot be given or ended; ``str()`` is a sentence."""


def give(
    name: str, mandate: Mandate, *, verbs: Sequence[str], until: datetime, by: Acting, at: datetime
) -> str:
    """A new token's text, shown now and never again. NotGiven with a sentence."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise NotGiven(f"令牌要有名字，最多 {LONGEST_NAME} 个字。")
    if _living(name, at):
        raise NotGiven(f"叫“{name}”的令牌还在用。先收回它，或者换个名字。")
    if until <= at:
        raise NotGiven(f"到期日 {localtime(until - INSTANT):%Y-%m-%d} 已经过去。")
    _may_have(mandate, verbs)
    with transaction.atomic():
        token, text = tokens.issue(name, mandate, verbs=list(verbs), until=until)
        facts = {"token": token.pk, "mandate": mandate.pk, "verbs": token.verbs, "until": until.isoformat()}
        registers.record("access", "token_given", by=by, at=at, facts=facts)
    return text


def take_back(name: str, *, by: Acting, at: datetime) -> None:
    """End a token now. NotGiven with a sentence where none of that name is in use."""
    living = _living(name, at)
    if not living:
        raise NotGiven(f"没有叫“{name}”的令牌在用。")
    with transaction.atomic():
        for token in living:
            tokens.end(token, at)
            registers.record("access", "token_ended", by=by, at=at, facts={"token": token.pk})


def mandate_named(said: str, at: datetime) -> Mandate:
    """The current mandate of ``LOGIN`` or ``LOGIN:ROLE``. NotGiven with a sentence that names the choices."""
    login, _, role = said.partition(":")
    person = Person.objects.filter(login=login, is_active=True).first()
    if person is None:
        raise NotGiven(f"没有登录名是“{login}”的人，或者已经停用。")
    mandates = current_mandates(person, at)
    found = [one for one in mandates if role in ("", one.role)]
    if len(found) == 1:
        return found[0]
    if not mandates:
        raise NotGiven(f"{person.name}现在没有在任的职务。")
    choices = "、".join(f"{login}:{one.role}（{_where(one)}）" for one in mandates)
    raise NotGiven(f"{person.name}的任职请写清是哪一个：{choices}。")


def _where(mandate: Mandate) -> str:
    return str(mandate.area or mandate.organisation or "")


def _living(name: str, at: datetime) -> list[Token]:
    return list(Token.objects.filter(name=name, until__gt=at))


def _may_have(mandate: Mandate, verbs: Iterable[str]) -> None:
    """Verbs that exist in the mandate's pack; no token for a mandate that sees private kinds."""
    home = mandate.area or (mandate.organisation.area if mandate.organisation else None)
    pack = packs.load(pack_name(home))
    if pack.table("roles")["role"].get(mandate.role, {}).get("private"):
        raise NotGiven("能看不公开的事的任职不发令牌。")
    known = {*ALWAYS, *(action for name in pack.processes for action in pack.process(name)["action"])}
    if strange := [verb for verb in verbs if verb.strip() not in known]:
        raise NotGiven(f"没有“{strange[0]}”这个动作。可以写 report、read、* 或者流程里的动作。")
    if not list(verbs):
        raise NotGiven("要写清令牌能做什么，比如 report,read。")
