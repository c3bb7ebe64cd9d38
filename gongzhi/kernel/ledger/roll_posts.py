"""The sheet of people and mandates, each row for itself: who, as what, where, for which organisation, from when."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from gongzhi.kernel.ledger.roll_units import Unit, Units, area_of, by_label
from gongzhi.kernel.people.phones import MOBILE_LENGTH, NotAPhone, clean_phone
from gongzhi.kernel.people.sheets import Row
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.named import Names

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}")
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
NEEDED = ("姓名", "登录名", "手机号", "职务", "单位", "起")
LEVELS = {"district": "区", "street": "街道或乡镇", "community": "社区或村", "grid": "网格"}
LONGEST_NAME = 40


@dataclass(frozen=True)
class Post:
    """One row, checked for itself. ``until`` is exclusive: the midnight after the last day."""

    row: Row
    name: str
    login: str
    mobile: str
    role: str
    area: Area | None
    unit: Unit
    since: datetime
    until: datetime | None

    @property
    def seat(self) -> tuple[str, str, int, int]:
        """What two rows share that speak of the same mandate."""
        return self.login, self.role, self.area.pk if self.area else 0, self.unit_key

    @property
    def unit_key(self) -> int:
        """The organisation's id; for one that is still to be founded, a number of its own below zero."""
        return getattr(self.unit, "pk", 0) or -id(self.unit)


def read(
    rows: Sequence[Row], units: Units, roles: Mapping[str, Any], names_on: Callable[[date], Names], day: date
) -> list[Post]:
    """The rows without a fault; the others note theirs. ``names_on`` gives the areas of a day."""
    found = [_post(row, units, roles, names_on, day) for row in rows]
    return [one for one in found if one is not None]


def _post(
    row: Row, units: Units, roles: Mapping[str, Any], names_on: Callable[[date], Names], day: date
) -> Post | None:
    for column in NEEDED:
        if not row[column]:
            row.fault(f"没有写{column}。")
    _who(row)
    mobile = _mobile(row)
    since, last = _day(row, "起"), _day(row, "止")
    if since and last and last < since:
        row.fault(f"止（{last}）比起（{since}）还早。")
    role = by_label(roles, row["职务"], "职务", row) if row["职务"] else ""
    area = _area(row, roles[role], names_on(max(since or day, day))) if role else None
    unit = units.find(row["单位"], row) if row["单位"] else None
    if row.faults or since is None or unit is None:
        return None
    until = _midnight(last + timedelta(days=1)) if last else None
    return Post(row, row["姓名"], row["登录名"], mobile, role, area, unit, _midnight(since), until)


def _who(row: Row) -> None:
    if len(row["姓名"]) > LONGEST_NAME:
        row.fault(f"姓名最多 {LONGEST_NAME} 个字。")
    if row["登录名"] and not LOGIN.fullmatch(row["登录名"]):
        row.fault(f"登录名“{row['登录名']}”不行：用字母、数字，2 到 60 个，中间可以有 . _ - @。")


def _mobile(row: Row) -> str:
    try:
        number = clean_phone(row["手机号"]) if row["手机号"] else ""
    except NotAPhone as cause:
        row.fault(f"手机号“{row['手机号']}”不对。{cause.sentence}")
        return ""
    if number and len(number) != MOBILE_LENGTH:
        row.fault(f"手机号“{row['手机号']}”是座机，这里要写手机号。")
    return number


def _area(row: Row, role: Mapping[str, Any], names: Names) -> Area | None:
    """Where the mandate stands: an area of the role's level, none for a role inside an organisation."""
    level, said = role["level"], row["辖区"]
    if level not in LEVELS:
        if said:
            row.fault(f"“{role['label']}”跟着单位走，辖区请留空。")
        return None
    if not said:
        row.fault(f"“{role['label']}”要写辖区（{LEVELS[level]}）。")
        return None
    area = area_of(names, said, row, level)
    if area is not None and area.level != level:
        row.fault(f"“{role['label']}”的辖区要写到{LEVELS[level]}，“{said}”不是。")
    return area


def _day(row: Row, column: str) -> date | None:
    """A day as people write it: 2026-01-01, 2026/1/1, 2026年1月1日, 20260101."""
    if not row[column]:
        return None
    written = DAY.match(row[column])
    try:
        return date(*map(int, written.groups())) if written else date.fromisoformat(row[column])
    except ValueError:
        row.fault(f"{column}“{row[column]}”不是日子，写 2026-01-01 这样。")
        return None


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
