"""``gongzhi posters``: codes for an area's places, and the sheets to print."""

import argparse
import csv
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from gongzhi.site.failures import Refused

COLUMNS = ("种类", "名称", "所在")
NO_PDF = (
    "没有装 WeasyPrint（或者缺它画图用的 Pango 库），写不了 PDF。两个办法：pip install 'gongzhi[pdf]'、"
    "装上系统的 libpango 以后再来；"
    "或者把 --out 写成 .html，用浏览器打开打印，纸张选 A4，缩放 100%，可以存成 PDF。"
)


def make(said: argparse.Namespace) -> int:
    """Make the codes that are missing, and write the sheets."""
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from gongzhi.kernel.people.acting import Acting
    from gongzhi.surfaces import posters

    out, by, at = Path(said.out), Acting.operator(said.operator, said.reason), timezone.now()
    if out.suffix.lower() == ".pdf" and not _has_pdf():
        raise Refused(NO_PDF)
    places = _places(said, by, at)
    if not places:
        raise Refused("这里没有要印的地方。电梯、设施写在表里，用 --labels 给进来。")
    html = posters.page(posters.posters(places, settings.SITE_URL), said.size, whole=True)
    _write(html, out)
    sheets = -(-len(places) // posters.A_SHEET[said.size])
    print(f"{len(places)} 处，A4 纸 {sheets} 张，写在 {out}。")
    if out.suffix.lower() != ".pdf":
        print("用浏览器打开，按打印键：纸张选 A4，缩放选 100%，不勾“页眉和页脚”。")
    return 0


def _places(said: argparse.Namespace, by: Any, at: Any) -> list[Any]:
    """The area's places with a code, those of the sheet and buildings without one included."""
    from django.db import transaction
    from django.utils.timezone import localtime

    from gongzhi.kernel.ledger import registers
    from gongzhi.kernel.territory import place_register
    from gongzhi.kernel.territory.named import Names, NotNamed

    names = Names(localtime(at).date())
    try:
        area = names.find(said.area)
    except NotNamed as fault:
        raise Refused(str(fault)) from fault
    named = labels(Path(said.labels), area, names) if said.labels else []
    spots = [*named, *(place_register.without_code(area, at) if said.kind in (None, "building") else [])]
    with transaction.atomic():
        facts = {"command": "posters", "area": area.pk}
        registers.record("access", "operator_session", by=by, at=at, facts=facts)
        place_register.make(spots, by=by, at=at)
    return list(place_register.within(area, at, said.kind or ""))


def labels(path: Path, area: Any, names: Any) -> list[Any]:
    """The places of a sheet; every fault of every row at once."""
    from gongzhi.kernel.territory.named import NotNamed
    from gongzhi.kernel.territory.place_register import KINDS, Spot

    kinds, spots, faults = {word: key for key, word in KINDS.items()}, [], []
    for number, row in enumerate(_rows(path), start=2):
        kind, label, where = (str(row.get(name) or "").strip() for name in COLUMNS)
        if not label and not kind:
            continue
        try:
            stands = names.find(where) if where else area
        except NotNamed as fault:
            faults.append(f"第 {number} 行：{fault}")
            continue
        if kind not in kinds:
            faults.append(f"第 {number} 行：种类“{kind}”不认识，写{'、'.join(kinds)}。")
        elif not label or len(label) > 60:
            faults.append(f"第 {number} 行：名称要有 1 到 60 个字。")
        elif not stands.path.startswith(area.path):
            faults.append(f"第 {number} 行：“{where}”不在 {area.name}。")
        else:
            spots.append(Spot(stands, label, kinds[kind]))
    if faults:
        raise Refused("\n".join(faults))
    return spots


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise Refused(f"打不开“{path}”。") from fault
    for coding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.DictReader(raw.decode(coding).splitlines()))
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(f"“{path}”不是 CSV 文字表。")
    missing = [name for name in COLUMNS[:2] if not rows or name not in rows[0]]
    if missing:
        raise Refused(f"“{path}”第一行缺少“{'、'.join(missing)}”。第一行写：{'，'.join(COLUMNS)}。")
    return rows


def _has_pdf() -> bool:
    """Whether WeasyPrint is there with the libraries it draws with (it imports them, and fails with OSError)."""
    try:
        import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return True


def _write(html: str, out: Path) -> None:
    if out.suffix.lower() == ".pdf":
        import_module("weasyprint").HTML(string=html).write_pdf(str(out))
    else:
        out.write_text(html, encoding="utf-8")
