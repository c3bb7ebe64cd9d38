"""The draw for a call-back: by the matter's own number and the pack's rule, whoever reported it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.desks import first_level, organisation_level
from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.chain import sm3
from gongzhi.kernel.ledger.models import Delivery, Entry
from gongzhi.kernel.models import Tie
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.registry import follower
from gongzhi.kernel.process.verdict import Refusal

AFTER = {"close": "close", "archive": "silence"}


@follower("incident.call_back", "incident", "close", "archive")
def draw(delivery: Delivery, at: datetime) -> None:
    """Open a call-back where the pack's rule draws the matter; who may not be rung is left out by the door."""
    matter, entry = delivery.entry.matter, delivery.entry
    if matter is None:
        return
    rule = rule_of(matter, AFTER[entry.verb])
    if rule is None or not drawn(matter.pk, share(rule, matter.pack)):
        return
    try:
        take(matter, "ask_back", by=Acting.clock(), at=at, cause=entry.pk, key=f"ask-back-{entry.pk}")
    except Refusal:
        return  # rated meanwhile, not to be rung, or a running matter keeps a page without call-backs


def drawn(matter_id: int, share: int) -> bool:
    """Whether a matter's own number falls under a share in per cent: nobody chooses, and it can be checked."""
    return int(sm3(f"call_back {matter_id}".encode())[:8], 16) % 100 < share


def share(rule: Mapping[str, Any], pack: str) -> int:
    """The rule's share in per cent, else the pack's usual one."""
    return int(rule.get("share", packs.load(pack).get("terms.shares.call_back_sample", 0)))


def rule_of(matter: Matter, after: str) -> Mapping[str, Any] | None:
    """The first rule of the pack that fits what happened to the matter; never who reported it."""
    rules = packs.load(matter.pack).table("call_back").get("rule", {}).values()
    for rule in rules:
        if rule.get("after") != after or (rule.get("listed") and not _listed(matter)):
            continue
        if rule.get("levels") and _level(matter) not in rule["levels"]:
            continue
        if rule.get("categories") and matter.category not in rule["categories"]:
            continue
        return rule
    return None


def _listed(matter: Matter) -> bool:
    """Whether it was under listed supervision (挂牌督办)."""
    if not Incident.objects.filter(pk=matter.pk, supervised=True).exists():
        return False
    rows = Entry.objects.filter(matter=matter.pk, verb__in=("supervise", "supervise_listed"))
    signed = rows.values_list("verb", "facts")
    return any(verb == "supervise_listed" or json.loads(facts).get("listed") for verb, facts in signed)


def _level(matter: Matter) -> str:
    sender = Tie.objects.filter(matter=matter.pk, role="sender", until=None).first()
    return organisation_level(sender.organisation_id) if sender is not None else first_level(matter)
