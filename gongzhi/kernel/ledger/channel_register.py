"""Keys of a channel given and taken back, each time with its entry in the register of access.

A key that reads or writes back gets an account of its own with a mandate in its organisation (role ``unit_system``);
the account has no password and cannot sign in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import registers, staffing, tenure
from gongzhi.kernel.ledger.staffing import MACHINE, Appointment
from gongzhi.kernel.people import secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import ChannelKey, Mandate, Organisation
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

ROLE = "unit_system"
LONGEST_NAME = 40
MOST_PER_HOUR = 100_000


class NotGiven(ValueError):
    """Why a key cannot be given or ended; ``str()`` is a sentence."""


@dataclass(frozen=True)
class Wanted:
    """A key to be: its channel, whose it is, what it may do, where, how many times an hour, until when."""

    name: str
    channel: str
    organisation: Organisation
    area: Area
    verbs: Sequence[str]
    per_hour: int
    until: datetime


def give(wanted: Wanted, *, by: Acting, at: datetime) -> str:
    """A new key's text, shown now and never again. NotGiven with a sentence, NotKeeper."""
    verbs = _sound(wanted, at)
    text = secrets.new_token()
    with transaction.atomic():
        mandate = _account(wanted, by, at) if set(verbs) - {ChannelKey.REPORT} else None
        key = ChannelKey.objects.create(
            name=wanted.name.strip(),
            hash=secrets.hash_token(text),
            channel=wanted.channel,
            organisation=wanted.organisation,
            mandate=mandate,
            area=wanted.area,
            verbs=",".join(verbs),
            per_hour=wanted.per_hour,
            made_at=at,
            until=wanted.until,
        )
        registers.record("access", "channel_key_given", by=by, at=at, facts=_facts(key))
    return text


def take_back(name: str, channel: str, *, by: Acting, at: datetime) -> None:
    """End a key now, with its account. NotGiven where none of that name is in use."""
    key = living(channel, at).get(name.strip())
    if key is None:
        raise NotGiven(f"没有叫“{name}”的钥匙在用。")
    with transaction.atomic():
        ChannelKey.objects.filter(pk=key.pk).update(ended_at=at)
        if key.mandate is not None and key.mandate.person.is_active:
            tenure.stop(key.mandate.person, by=by, at=at, roles=_roles(key.organisation))
        registers.record("access", "channel_key_ended", by=by, at=at, facts={"key": key.pk})


def living(channel: str, at: datetime) -> dict[str, ChannelKey]:
    """The keys of a channel that hold at a moment, by name (one statement)."""
    rows = ChannelKey.objects.filter(channel=channel, until__gt=at, ended_at=None)
    known = rows.select_related("organisation", "area", "mandate__person").defer("area__polygon")
    return {one.name: one for one in known.order_by("name")}


def _sound(wanted: Wanted, at: datetime) -> list[str]:
    verbs = [verb for verb in ChannelKey.VERBS if verb in wanted.verbs]
    strange = [verb for verb in wanted.verbs if verb not in ChannelKey.VERBS]
    if not wanted.name.strip() or len(wanted.name.strip()) > LONGEST_NAME:
        raise NotGiven(f"钥匙要有名字，最多 {LONGEST_NAME} 个字。")
    if strange or not verbs:
        raise NotGiven(f"能做的事只有 {'、'.join(ChannelKey.VERBS)}，用逗号隔开。")
    if not 0 < wanted.per_hour <= MOST_PER_HOUR:
        raise NotGiven(f"每小时次数写 1 到 {MOST_PER_HOUR}。")
    if wanted.until <= at:
        raise NotGiven("到期日已经过去，至少写 1 天。")
    if wanted.name.strip() in living(wanted.channel, at):
        raise NotGiven(f"叫“{wanted.name.strip()}”的钥匙还在用。先收回它，或者换个名字。")
    return verbs


def _account(wanted: Wanted, by: Acting, at: datetime) -> Mandate:
    """The key's own account in its organisation: no password, ends with the key."""
    one = Appointment(
        login=f"{MACHINE}{secrets.new_token()[:12].lower()}",
        name=wanted.name.strip(),
        role=ROLE,
        since=at,
        organisation=wanted.organisation,
        until=wanted.until,
    )
    return staffing.appoint([one], by=by, at=at, roles=_roles(wanted.organisation))[0]


def _roles(organisation: Organisation) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = packs.load(pack_name(organisation.area)).table("roles")["role"]
    return table


def _facts(key: ChannelKey) -> dict[str, Any]:
    return {
        "key": key.pk,
        "organisation": key.organisation_id,
        "area": key.area_id,
        "mandate": key.mandate_id,
        "verbs": key.verbs,
        "per_hour": key.per_hour,
        "until": key.until.isoformat(),
    }
