"""Who asks: anyone, or the holder of a key. Nobody is told whether a wrong key once was right."""

from datetime import datetime, timedelta

from gongzhi.kernel.people import channel_keys, limits
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.channel_keys import KeyHand
from gongzhi.kernel.people.models import ChannelKey
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.api.open311 import refusals
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.refusals import Fault
from gongzhi.surfaces.api.open311.rules import rule

CHANNEL = "open311"
HOUR = timedelta(hours=1)


class Caller:
    """One request's hand: ``by`` and ``within`` are None for anyone."""

    def __init__(self, hand: KeyHand | None, at: datetime) -> None:
        self.hand, self.at = hand, at
        reads = hand is not None and hand.may(ChannelKey.READ)
        self.by: Acting | None = hand.unit(at) if hand is not None and reads else None
        self.within: Area | None = hand.key.area if hand is not None and self.by is not None else None


def reader(said: Asked, at: datetime) -> Caller:
    """Who reads. A key is not asked for; one that is wrong, or over its rate, is told so."""
    text = said.get("api_key")
    if not text:
        address = limits.network(said.request.META.get("REMOTE_ADDR"))
        if limits.over("open311-anyone", address, limits.Limit(rule("limits", "anyone_per_hour"), HOUR), at):
            raise Fault(429, refusals.TOO_OFTEN)
        return Caller(None, at)
    hand = _holder(text, at)
    if hand.over("read", at):
        raise Fault(429, refusals.TOO_OFTEN)
    return Caller(hand, at)


def writer(said: Asked, verb: str, at: datetime) -> KeyHand:
    """Who writes: 403 without a key that was given this verb, 429 where one address floods."""
    text = said.get("api_key")
    if limits.flooding(limits.network(said.request.META.get("REMOTE_ADDR")), at):
        raise Fault(429, refusals.TOO_OFTEN_SENT)
    if not text:
        raise Fault(403, refusals.NO_KEY)
    hand = _holder(text, at)
    if not hand.may(verb):
        raise Fault(403, refusals.NOT_GIVEN.format(verb=verb))
    return hand


def _holder(text: str, at: datetime) -> KeyHand:
    hand = channel_keys.bearer(text, CHANNEL, at)
    if hand is None:
        raise Fault(403, refusals.WRONG_KEY)
    return hand
