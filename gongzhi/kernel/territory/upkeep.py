"""What is known of an area, kept up: households and the two published telephones, with the entry in its register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gongzhi.kernel.territory import chain
from gongzhi.kernel.territory.models import Area

MOST_HOUSEHOLDS = 100_000


@dataclass(frozen=True)
class Known:
    """Households (None: not counted), the office telephone, the telephone of supervision."""

    households: int | None
    phone: str
    supervision_phone: str


def keep(area: Area, known: Known, *, by: Any, at: datetime) -> list[str]:
    """Make an area's row say what is known; the names of what changed (nothing is written where nothing did).

    Whether the hand keeps this area is asked by the caller (the people stand above this floor).
    """
    different = [name for name, value in vars(known).items() if getattr(area, name) != value]
    if not different:
        return []
    with transaction.atomic():
        for name in different:
            setattr(area, name, getattr(known, name))
        area.save(update_fields=different)
        facts: dict[str, Any] = {"area": area.code or str(area.pk)}
        chain.record(
            "keep_up", by=by, at=at, facts=facts | {name: getattr(known, name) for name in different}
        )
    return different
