"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

DEMONSTRATION = "演示数据，与实际无关"


def house(request: HttpRequest) -> dict[str, Any]:
    """``demo`` (the sentence every page of a demonstration carries, or ""), and ``version``."""
    return {"demo": DEMONSTRATION if settings.DEMO else "", "version": settings.VERSION}
