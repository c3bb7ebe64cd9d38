"""Keys of Open311 on the command line: given and taken back in an operator's session, listed without their text."""

import argparse
from datetime import datetime, timedelta
from typing import Any

import django

from gongzhi.site.failures import Refused
from gongzhi.site.opening import _area, _operator, _session

CHANNEL = "open311"
Said = argparse.Namespace


def key(said: Said) -> int:
    """Give another system a key, shown once."""
    by, at = _operator(said)
    from django.db import transaction
    from django.utils.timezone import localtime

    from gongzhi.kernel import packs
    from gongzhi.kernel.ledger import channel_register
    from gongzhi.kernel.territory.packing import pack_name

    area, organisation = _area(said.area, at), _organisation(said.organisation, at)
    rate = said.per_hour or packs.load(pack_name(area)).table("open311")["limits"]["per_hour"]
    verbs = [verb.strip() for verb in said.verbs.split(",") if verb.strip()]
    until = at + timedelta(days=said.days)
    wanted = channel_register.Wanted(said.name, CHANNEL, organisation, area, verbs, rate, until)
    with transaction.atomic():
        _session(by, at, "open311 key", organisation=organisation.pk, area=area.pk)
        text = channel_register.give(wanted, by=by, at=at)
    print(f"钥匙“{said.name}”（{organisation.name}，{area.name}，{','.join(verbs)}，")
    print(f"每小时 {rate} 次，到 {localtime(until):%Y-%m-%d %H:%M}），只显示这一次：")
    print(text)
    return 0


def keys(said: Said) -> int:
    """List the keys in use."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.ledger import channel_register

    rows = channel_register.living(CHANNEL, timezone.now())
    for name, one in rows.items():
        last = timezone.localtime(one.until)
        told = (name, one.organisation.name, one.area.name, one.verbs, f"每小时 {one.per_hour} 次")
        print("\t".join([*told, f"到 {last:%Y-%m-%d %H:%M}"]))
    if not rows:
        print("没有在用的钥匙。发一把：gongzhi open311 key NAME --organisation …")
    return 0


def revoke(said: Said) -> int:
    """Take a key back now."""
    by, at = _operator(said)
    from django.db import transaction

    from gongzhi.kernel.ledger import channel_register

    with transaction.atomic():
        _session(by, at, "open311 revoke")
        channel_register.take_back(said.name, CHANNEL, by=by, at=at)
    print(f"钥匙“{said.name}”收回了，现在就不能用。")
    return 0


def _organisation(said: str, at: datetime) -> Any:
    """The one organisation of a name or short name."""
    from django.db.models import Q
    from django.utils.timezone import localtime

    from gongzhi.kernel.models import Organisation

    day = localtime(at).date()
    living = Organisation.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day)).select_related("area")
    found = list(living.filter(Q(name=said) | Q(short=said)).order_by("pk")[:2])
    if len(found) != 1:
        raise Refused(
            f"叫“{said}”的单位有几个，请写全名。" if found else f"没有叫“{said}”的单位，或者已经撤销。"
        )
    return found[0]
