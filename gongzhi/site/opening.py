"""What a district does on the command line before it begins: people, outlines, grids, the year, other systems' keys.

Each command is an operator's session, under the operator's own name and reason, in the register of access; what was
changed has its entry in the register it belongs to.
"""

import argparse
import hashlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import django

from gongzhi.site.failures import Refused

Said = argparse.Namespace


def people_template(said: Said) -> int:
    """Write the empty workbook."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.ledger import roll
    from gongzhi.kernel.people import sheets
    from gongzhi.kernel.territory.named import Names

    path = Path(said.file)
    if path.suffix.lower() != ".xlsx":
        raise Refused("文件名要以 .xlsx 结尾。")
    try:
        sheets.write_template(path, roll.wording(roll.pack_in_force(Names(timezone.localdate()))))
    except FileExistsError:
        raise Refused(f"“{path}”已经有了，没有改动它。") from None
    print(f"空表写好了：{path}")
    return 0


def people_import(said: Said) -> int:
    """Take in people, mandates and organisations from a workbook, whole or not at all."""
    by, at = _operator(said)
    from gongzhi.kernel.ledger import roll

    path = _file(said.file)
    wanted = roll.plan(path, by=by, at=at, second=said.second)
    if said.dry_run:
        print(f"这张表没有错，会加上：{wanted.sentence() or '没有新的'}。这次什么也没有写。")
        return 0
    done = roll.take_in(wanted, by=by, at=at)
    _session(by, at, "people import", file=_digest(path), second=said.second)
    print(f"加上了 {done.sentence}。" if done.sentence else "没有新的，什么也没有加。")
    if done.passwords:
        print(f"初始密码写在 {done.passwords}（只有您能读）。当面交给本人，交完请删掉。")
    return 0


def place_outlines(said: Said) -> int:
    """Replace schematic outlines by real ones from a GeoJSON file."""
    by, at = _operator(said)
    from gongzhi.kernel.territory import importer

    path, within = _file(said.file), _area(said.within, at)
    done = importer.import_outlines(path.read_bytes(), said.crs, within=within, by=by, at=at)
    _session(by, at, "place outlines", file=_digest(path), crs=said.crs, within=within.code)
    for warning in done.warnings:
        print(warning)
    print(f"换上了 {done.real} 个真实边界，{done.redrawn} 个示意图形跟着重画了。")
    return 0


def place_redraw(said: Said) -> int:
    """Draw a community's grids anew from a day on."""
    by, at = _operator(said)
    from gongzhi.kernel.territory import redraw

    first, community = _day(said.first), _area(said.community, at, "community")
    done = redraw.redraw(community, said.grids, first, by, at)
    _session(by, at, "place redraw", community=community.code, grids=said.grids, since=str(first))
    print(f"{community.name}从 {first} 起划成 {len(done.new)} 个网格，原来的 {len(done.old)} 个到那天为止。")
    for grid in done.new:
        print(f"  {grid.code} {grid.name} {grid.households or 0} 户")
    print("新网格从那天起要有网格员：gongzhi people import，起写那一天。")
    return 0


def place_check(said: Said) -> int:
    """Say where a place is not covered yet; exit status 1 while something is missing."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel import packs
    from gongzhi.kernel.people import coverage
    from gongzhi.kernel.territory.packing import pack_name

    at = timezone.now()
    within = _area(said.within, at)
    table = packs.load(pack_name(within)).table("territory")
    found = coverage.look(within, at, table)
    for sentence in (*found.gaps, *found.sizes):
        print(sentence)
    print(
        f"{within.name}：{found.communities} 个社区和村，{found.grids} 个网格；"
        f"缺口 {len(found.gaps)} 处，规模提醒 {len(found.sizes)} 处。"
    )
    return 1 if found.gaps else 0


def calendar_adopt(said: Said) -> int:
    """Make a year official with the days of its notice."""
    by, at = _operator(said)
    from django.db import transaction

    from gongzhi.kernel.clock import calendar, notice
    from gongzhi.kernel.ledger import registers

    path = _file(said.file)
    days = notice.read(path, said.year, said.source)
    with transaction.atomic():
        _session(by, at, "calendar adopt", file=_digest(path), year=said.year, pack=said.pack)
        done = calendar.adopt_year(
            said.pack, said.year, days, said.source, by=by, at=at, record=registers.record
        )
    moved = "、".join(str(day) for day in done.changed) or "没有"
    print(f"{said.year} 年的工作日历已是正式的（{said.pack}）。和以前不一样的日子：{moved}。")
    return 0


def token_new(said: Said) -> int:
    """Give another system a key, shown once."""
    by, at = _operator(said)
    from django.db import transaction

    from gongzhi.kernel.ledger import token_register

    until = _midnight(_day(said.until) + timedelta(days=1))
    mandate = token_register.mandate_named(said.mandate, at)
    verbs = [verb.strip() for verb in said.verbs.split(",") if verb.strip()]
    with transaction.atomic():
        _session(by, at, "token new", mandate=mandate.pk)
        text = token_register.give(said.name, mandate, verbs=verbs, until=until, by=by, at=at)
    print(f"令牌“{said.name}”（{mandate.person.name}，到 {said.until} 为止），只显示这一次：")
    print(text)
    return 0


def token_end(said: Said) -> int:
    """Take a key back now."""
    by, at = _operator(said)
    from django.db import transaction

    from gongzhi.kernel.ledger import token_register

    with transaction.atomic():
        _session(by, at, "token end")
        token_register.take_back(said.name, by=by, at=at)
    print(f"令牌“{said.name}”收回了，现在就不能用。")
    return 0


def _operator(said: Said) -> tuple[Any, datetime]:
    """The operator's hand and the present moment; Django is ready afterwards."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.people.acting import Acting

    if not said.operator.strip() or not said.reason.strip():
        raise Refused("--as 写您自己的名字，--reason 写为什么，都不能空。")
    return Acting.operator(said.operator, said.reason), timezone.now()


def _session(by: Any, at: datetime, command: str, **facts: Any) -> None:
    from gongzhi.kernel.ledger import registers

    registers.record("access", "operator_session", by=by, at=at, facts={"command": command, **facts})


def _area(said: str, at: datetime, level: str = "") -> Any:
    """The area a word on the command line means; the one district where nothing is said."""
    from django.utils.timezone import localtime

    from gongzhi.kernel.territory.named import Names

    names = Names(localtime(at).date())
    if said:
        return names.find(said, level)
    if len(names.districts) == 1:
        return names.districts[0]
    raise Refused(
        "有几个区，请用 --within 写明是哪一个。"
        if names.districts
        else "还没有辖区。先运行 gongzhi place new。"
    )


def _file(said: str) -> Path:
    if not Path(said).is_file():
        raise Refused(f"没有文件“{said}”。")
    return Path(said)


def _digest(path: Path) -> str:
    return hashlib.new("sm3", path.read_bytes()).hexdigest()


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(f"“{said}”不是日子，写 2026-01-01 这样。") from None


def _midnight(day: date) -> datetime:
    from django.utils.timezone import make_aware

    return make_aware(datetime.combine(day, time.min))
