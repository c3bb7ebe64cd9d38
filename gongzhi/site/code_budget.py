"""How many phone codes were asked for and how many there may be: for ``/metrics`` and for what ``/healthz`` says."""

from django.utils import timezone

from gongzhi.kernel import packs
from gongzhi.kernel.process import phone_codes
from gongzhi.kernel.process.phone_codes import Rules, Spent


def spent() -> Spent:
    """The budget as it stands now, by the common pack."""
    return phone_codes.spent(timezone.now(), Rules.of(packs.load("cn")))


def left_this_hour() -> float:
    """Codes that may still be asked for within the hour."""
    now = spent()
    return float(max(now.hour_most - now.hour, 0))


def left_today() -> float:
    """Codes that may still be asked for within a day."""
    now = spent()
    return float(max(now.day_most - now.day, 0))


def paused() -> str:
    """A sentence where codes pause; "" where they do not."""
    now = spent()
    told = f"{now.hour} of {now.hour_most} this hour, {now.day} of {now.day_most} in a day"
    return f"phone codes pause, the budget is used up: {told}" if now.paused else ""
