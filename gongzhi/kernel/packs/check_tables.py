"""Whether a merged pack holds together: every role, unit, kind, door and term it names exists. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from gongzhi.kernel.packs.pack import Pack
from gongzhi.kernel.packs.words import TERM

__all__ = ["TABLE_CHECKS", "rows", "strangers"]

LEVELS = ("city", "district", "street", "community", "grid", "organisation")
SENDERS = ("grid", "community", "street", "district")
ANSWERS = ("community", "street", "department", "property", "utility", "elsewhere")
LADDER = ("remind", "nudge", "raise")
TYPES = (
    *("words", "text", "choice", "choices", "organisation", "organisations", "area", "person", "matter"),
    *("date", "datetime", "number", "bool", "photos", "voice", "category", "term", "phone"),
    *("answers", "video"),
    *("persons", "papers", "other_number", "row"),
)
Rows = Mapping[str, Mapping[str, Any]]


def rows(pack: Pack, stem: str, table: str) -> Rows:
    """The entries of a table; none where the pack has no such file."""
    found: Rows = pack.table(stem).get(table, {})
    return found


def roles(pack: Pack) -> Iterator[str]:
    """Levels are known; ties are spoken for by roles that exist; what may not go together names roles that exist."""
    known = rows(pack, "roles", "role")
    for key, row in known.items():
        if row.get("level") not in LEVELS:
            yield f"角色“{row.get('label', key)}”的 level 写成“{row.get('level')}”，只能是 {'、'.join(LEVELS)}。"
        for part in ("apart", "serves", "above"):
            named = [row[part]] if isinstance(row.get(part), str) else row.get(part, ())
            yield from strangers(named, known, f"角色“{row.get('label', key)}”的 {part}", "角色表")
    for key, row in rows(pack, "roles", "tie").items():
        yield from strangers(
            row.get("speaks", ()), known, f"关系“{row.get('label', key)}”的 speaks", "角色表"
        )


def terms(pack: Pack) -> Iterator[str]:
    """Lengths can be read; ladders only do what the clock may do: it never supervises."""
    for key, row in rows(pack, "terms", "term").items():
        yield from _bad_term(row.get("length", ""), f"期限“{row.get('label', key)}”")
    for key, row in rows(pack, "terms", "ladder").items():
        for step in row.get("steps", ()):
            if step.get("do") not in LADDER:
                yield (
                    f"超期阶梯“{row.get('label', key)}”要时钟做“{step.get('do')}”；"
                    "时钟只提醒（remind）、催办（nudge）、列入上一级清单（raise），督办要有具名的人。"
                )
            if not str(step.get("after", "")).startswith("0"):
                yield from _bad_term(step.get("after", ""), f"超期阶梯“{row.get('label', key)}”")


def fields(pack: Pack) -> Iterator[str]:
    """Types are known, choices are there, and every field says who uses it (no burden without a use)."""
    for domain, table in pack.table("fields").items():
        if not isinstance(table, Mapping):
            continue
        for key, row in table.items():
            say = f"字段“{row.get('label', key)}”（{domain}.{key}）"
            if row.get("type") not in TYPES:
                yield f"{say}的 type 写成“{row.get('type')}”，不认识。"
            if row.get("type") in ("choice", "choices") and not (
                row.get("choices") or row.get("choices_from")
            ):
                yield f"{say}是选择题，没有写 choices。"
            if row.get("choices_from") and not pack.table(row["choices_from"]):
                yield f"{say}的选项取自“{row['choices_from']}”，没有这个文件。"
            if not row.get("used"):
                yield f"{say}没有写给谁用（used）；没人用的不问。"


def categories(pack: Pack) -> Iterator[str]:
    """A kind hangs in the tree, says who answers, how long, what is promised; its units and doors exist."""
    branches = rows(pack, "categories", "branch")
    for key, row in branches.items():
        if row.get("parent") and row["parent"] not in branches:
            yield f"类别“{row.get('label', key)}”的上级“{row['parent']}”不存在。"
        elif _circles(key, branches):
            yield f"类别“{row.get('label', key)}”转着圈做自己的上级。"
    for key, row in rows(pack, "categories", "leaf").items():
        say = f"类别“{row.get('label', key)}”（{key}）"
        if row.get("parent") not in branches:
            yield f"{say}的上级“{row.get('parent', '')}”不存在。"
        yield from _leaf(say, row, pack)


def _leaf(say: str, row: Mapping[str, Any], pack: Pack) -> Iterator[str]:
    if row.get("answers") not in ANSWERS:
        yield f"{say}没有写由谁承办（answers），只能是 {'、'.join(ANSWERS)}。"
    if not row.get("filing") or not row.get("closing"):
        yield f"{say}没有写立案条件（filing）或结案条件（closing）。"
    for name, label in (("accept", "受理"), ("handle", "处置")):
        yield from _bad_term(row.get("terms", {}).get(name, ""), f"{say}的{label}时限")
    yield from _bad_term(row.get("promise", ""), f"{say}答复居民的期限（promise）")
    if row.get("unit") or row.get("answers") != "elsewhere":
        yield from strangers([row.get("unit", "")], rows(pack, "duties", "duty"), f"{say}的 unit", "职责表")
    for key, file in (("exit", "exits"), ("danger", "danger")):
        if row.get(key):
            yield from strangers(
                [row[key]], rows(pack, file, file.rstrip("s")), f"{say}的 {key}", f"{file}.toml"
            )
    if row.get("area_law") and row["area_law"] not in pack.get("limits.community.law", {}):
        yield f"{say}的 area_law“{row['area_law']}”在 limits.toml 里没有。"


def leaves_named(pack: Pack) -> Iterator[str]:
    """Files that name kinds name ones that exist."""
    known = {**rows(pack, "categories", "leaf"), **rows(pack, "categories", "branch"), "*": {}}
    for stem, table, key in (
        ("picks", "pick", "leaves"),
        ("routing", "rule", "leaves"),
        ("limits", "power", "leaves"),
        ("retention", "keep", "kinds"),
    ):
        for entry, row in rows(pack, stem, table).items():
            yield from strangers(
                row.get(key, ()), known, f"{stem}.toml 的“{row.get('label', entry)}”", "类别表"
            )
    for entry, row in rows(pack, "danger", "danger").items():
        yield from strangers(
            [row.get("leaf", "")], known, f"险情“{row.get('label', entry)}”的 leaf", "类别表"
        )


def routing(pack: Pack) -> Iterator[str]:
    """Rules send to duties that exist, with a reason, in an order without doubles."""
    taken: dict[int, str] = {}
    for key, row in rows(pack, "routing", "rule").items():
        say = f"派单规则“{key}”"
        yield from strangers([row.get("unit", "")], rows(pack, "duties", "duty"), f"{say}的 unit", "职责表")
        if not row.get("reason"):
            yield f"{say}没有写理由（reason）；理由会显示在事项上。"
        if not isinstance(row.get("order"), int):
            yield f"{say}没有写次序（order）。"
        elif row["order"] in taken:
            yield f"{say}的次序 {row['order']} 和“{taken[row['order']]}”重了，分不出先看哪条。"
        taken.setdefault(row.get("order", 0), key)
        for month in row.get("months", ()):
            if month not in range(1, 13):
                yield f"{say}的月份写成 {month}，只能是 1 到 12。"


def order_lines(pack: Pack) -> Iterator[str]:
    """Lines start at a level that may send, end at kinds that exist, and name roles that exist."""
    known, kinds = rows(pack, "roles", "role"), pack.get("order_lines.kind", {})
    for key, row in rows(pack, "order_lines", "line").items():
        say = f"派遣关系“{row.get('label', key)}”"
        if row.get("from") not in SENDERS or row.get("from") == "grid":
            yield f"{say}从“{row.get('from')}”派出，只能是 community、street、district；网格员不派遣。"
        yield from strangers(row.get("to", ()), kinds, f"{say}的 to", "单位类型")
        yield from strangers(
            [row.get("manner", "")], rows(pack, "order_lines", "manner"), f"{say}的 manner", "方式"
        )
        for part in ("reviews", "extends", "supervises", "decides"):
            yield from strangers(row.get(part, ()), known, f"{say}的 {part}", "角色表")
        if row.get("from") == "street" and "department" in row.get("to", ()) and row.get("supervises"):
            yield f"{say}让街道督办区直部门，不行：督办要沿派遣线，由区里发。"


def organisations(pack: Pack) -> Iterator[str]:
    """A place that names its units names one for every duty its kinds and rules send to."""
    units, duties = rows(pack, "organisations", "organisation"), rows(pack, "duties", "duty")
    yield from strangers(units, duties, "organisations.toml 的单位", "职责表")
    if not units:
        return
    named = {row.get("unit", "") for row in rows(pack, "categories", "leaf").values()}
    named |= {row.get("unit", "") for row in rows(pack, "routing", "rule").values()}
    for duty in sorted(named - set(units) - {""}):
        label = duties.get(duty, {}).get("label", duty)
        yield f"有类别或规则派给“{label}”（{duty}），organisations.toml 里没有这个单位。"


def powers(pack: Pack) -> Iterator[str]:
    """Rows of the three duty lists name a list and a leading duty that exist, and dates in order."""
    for key, row in rows(pack, "limits", "power").items():
        say = f"职责清单事项“{row.get('item', key)}”"
        yield from strangers(
            [row.get("list", "")], rows(pack, "limits", "lists"), f"{say}的 list", "三张清单"
        )
        yield from strangers([row.get("lead", "")], rows(pack, "duties", "duty"), f"{say}的 lead", "职责表")
        if row.get("from") and row.get("until") and row["from"] >= row["until"]:
            yield f"{say}的起止日期倒着写。"


def calendars(pack: Pack) -> Iterator[str]:
    """A year's page says whether it is official, where it is from, and does not name a day twice."""
    for year, page in pack.table("calendar").items():
        if not year.isdigit():
            continue
        if page.get("status", "") not in ("official", "provisional", ""):
            yield f"{year} 年工作日历的 status 写成“{page.get('status')}”，只能是 official、provisional。"
        if not page.get("source"):
            yield f"{year} 年工作日历没有写来源（source）。"
        for part in ("off", "work"):
            for days in page.get(part, {}):
                yield from _days(str(days), year)


def _days(days: str, year: str) -> Iterator[str]:
    """``2026-10-01`` or ``2026-10-01..2026-10-07``; a December day may stand in the next year's page."""
    first, _, last = days.partition("..")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        yield f"{year} 年工作日历里的“{days}”不是日子。写法：2026-10-01，或 2026-10-01..2026-10-07。"
        return
    if end < begin:
        yield f"{year} 年工作日历里的“{days}”起止倒着写。"
    if not date(int(year) - 1, 12, 1) <= begin <= end <= date(int(year), 12, 31):
        yield f"{year} 年工作日历里的“{days}”不在这一年。"


def retention(pack: Pack) -> Iterator[str]:
    """How long something is kept can be read."""
    for key, row in rows(pack, "retention", "keep").items():
        yield from _bad_term(row.get("length", ""), f"保存期限“{row.get('label', key)}”")


def decisions(pack: Pack) -> Iterator[str]:
    """What waits for a word names waits and actions of the pages; in bulk go only acts that end or refuse nothing."""
    pages = [pack.process(name) for name in pack.processes]
    waits = {wait for page in pages for wait in page.get("wait", {})}
    acts = {name: act for page in pages for name, act in page.get("action", {}).items()}
    for key, row in rows(pack, "decisions", "decision").items():
        say = f"要拿主意的“{row.get('label', key)}”"
        yield from strangers([key], waits, say, "流程的待办")
        yield from strangers([row[one] for one in ("yes", "no") if row.get(one)], acts, say, "流程的动作")
    outs = {one for page in pages for one, row in page["stage"].items() if row.get("counts") == "no_result"}
    refusals = {row.get("no") for row in rows(pack, "decisions", "decision").values()}
    for key, row in rows(pack, "decisions", "bulk").items():
        say = f"可以一起办的“{row.get('label', key)}”"
        yield from strangers([key], acts, say, "流程的动作")
        act = acts.get(key, {})
        if act.get("grave") or act.get("to") in outs or key in refusals or "supervise" in key:
            yield f"{say}不能一起办：督办、不同意、作废和了结要一件一件看。"


def contacts(pack: Pack) -> Iterator[str]:
    """Cards name duties that exist."""
    for key, row in rows(pack, "contacts", "card").items():
        say = f"常用电话“{row.get('label', key)}”的 duties"
        yield from strangers(row.get("duties", ()), rows(pack, "duties", "duty"), say, "职责表")


def strangers(names: Iterable[str], known: Iterable[str], say: str, where: str) -> Iterator[str]:
    """A sentence for each name that is not known."""
    have = set(known)
    for name in names:
        if name not in have:
            yield f"{say} 写了“{name}”，{where}里没有。" if name else f"{say} 空着。"


def _bad_term(text: Any, say: str) -> Iterator[str]:
    if not TERM.fullmatch(str(text)):
        wrong = f"写成“{text}”，看不懂" if text else "没有写"
        yield f"{say}{wrong}。写法：3wd（工作日）、2wh（工作时）、24h（小时）、15d（天）。"


def _circles(key: str, branches: Rows) -> bool:
    seen = {key}
    parent = str(branches[key].get("parent", ""))
    while parent in branches and parent not in seen:
        seen.add(parent)
        parent = str(branches[parent].get("parent", ""))
    return parent in seen


TABLE_CHECKS: tuple[Callable[[Pack], Iterator[str]], ...] = (
    roles,
    terms,
    fields,
    categories,
    leaves_named,
    routing,
    order_lines,
    organisations,
    powers,
    calendars,
    retention,
    decisions,
    contacts,
)
