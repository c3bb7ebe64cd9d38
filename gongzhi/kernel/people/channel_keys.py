"""Keys of a channel for other systems: of one organisation, limited to verbs, area and rate; stored hashed.

``report`` opens matters as the channel. ``read`` and ``update`` act under a mandate in the key's organisation,
which the key's own account holds; it cannot sign in. Giving and ending one are entries of the register ``access``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from gongzhi.kernel.people import limits, secrets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import ChannelKey

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class KeyHand:
    """A key that holds now, and whom it speaks as."""

    key: ChannelKey

    def may(self, verb: str) -> bool:
        """Whether the key was given this verb."""
        return verb in self.key.verbs.split(",")

    @property
    def channel(self) -> Acting:
        """The channel itself: opens matters, reads nothing."""
        return Acting(kind="channel", name=f"{self.key.channel}-{self.key.pk}")

    def unit(self, at: datetime) -> Acting | None:
        """The organisation's mandate through this channel; None without one that holds."""
        mandate = self.key.mandate
        if mandate is None or mandate.since > at or (mandate.until is not None and mandate.until <= at):
            return None
        if not mandate.person.is_active:
            return None
        own = self.channel
        return Acting(
            kind=own.kind, name=own.name, person=mandate.person, mandate=mandate, mandates=(mandate,)
        )

    def over(self, kind: str, at: datetime) -> bool:
        """Count one use of a kind (``report``, ``read``, ``update``): whether that is more than the key's rate."""
        limit = limits.Limit(self.key.per_hour, HOUR)
        return limits.over(f"{self.key.channel}-{kind}", str(self.key.pk), limit, at)


def bearer(text: str, channel: str, at: datetime) -> KeyHand | None:
    """Who holds this key now; None when it is unknown, ended, or its organisation is (one statement)."""
    rows = ChannelKey.objects.select_related(
        "organisation__area", "area", "mandate__person", "mandate__organisation__area"
    )
    found = rows.defer("area__polygon", "organisation__area__polygon", "mandate__organisation__area__polygon")
    key = found.filter(hash=secrets.hash_token(text), channel=channel).first()
    if key is None or key.until <= at or (key.ended_at is not None and key.ended_at <= at):
        return None
    closes = key.organisation.valid_to
    return None if closes is not None and closes <= localtime(at).date() else KeyHand(key)
