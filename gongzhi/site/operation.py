"""What the operator's commands do; imports come late, so that help needs no database."""

import argparse
from datetime import datetime
from typing import Any

import django

from gongzhi.site.failures import Refused

Said = argparse.Namespace


def move(said: Said) -> int:
    """Move the database from SQLite to PostgreSQL."""
    by, at = _operator(said)
    from gongzhi.site import moving

    print(moving.move(said.to, said.owner, by, at))
    print("从现在起用 DATABASE_URL 和 DATABASE_OWNER_URL 启动；旧的 SQLite 文件留着，不再用它启动。")
    return 0


def _operator(said: Said) -> tuple[Any, datetime]:
    """The operator's hand and the present moment; Django is ready afterwards."""
    if not said.operator.strip() or not said.reason.strip():
        raise Refused("--as 写您自己的名字，--reason 写为什么，都不能空。")
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.people.acting import Acting

    return Acting.operator(said.operator, said.reason), timezone.now()
