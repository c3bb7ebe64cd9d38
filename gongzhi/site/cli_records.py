"""How ``gongzhi sheet`` is declared."""

from typing import Any

from gongzhi.site import cli_words

LOGGED = "An operator's session, in the register of access. Nothing private is counted."


def add(sub: Any) -> None:
    """Records that write themselves."""
    group = cli_words.group(sub, "sheet", "records that write themselves")
    example = 'gongzhi sheet daily --area 第一街道 --as "Wang Fang" --reason "morning meeting"'
    does = "print the daily sheet of a street: new, due today, late, hot places"
    daily = cli_words.add(group, "daily", does, "records.daily", LOGGED, example)
    daily.add_argument("--area", "--street", required=True, metavar="AREA", help="by name or code")
    cli_words.operator(daily)
    _statistics(group)
    _month(group)
    _binder(group)


def _statistics(group: Any) -> None:
    example = (
        'gongzhi sheet statistics --area 第一街道 --out 11.docx --as "Wang Fang" --reason "month report"'
    )
    does = "write the statistics in the city-management manner as Word, XLSX or CSV"
    table = cli_words.add(group, "statistics", does, "records.statistics_file", LOGGED, example)
    table.add_argument("--area", required=True, metavar="AREA", help="by name or code")
    table.add_argument(
        "--kind", choices=["month", "quarter", "year"], default="month", help="(default: month)"
    )
    table.add_argument("--first", default="", metavar="DATE", help="a day in the period (default: today)")
    table.add_argument("--by", choices=["kind", "area", "unit"], default="kind", help="(default: kind)")
    table.add_argument("--out", required=True, metavar="FILE", help="name ending in .docx, .xlsx or .csv")
    cli_words.operator(table)


def _month(group: Any) -> None:
    does = "write the month of a community or a grid as XLSX or CSV"
    example = 'gongzhi sheet month --area 第一社区 --out 11.xlsx --as "Wang Fang" --reason "month report"'
    month = cli_words.add(group, "month", does, "records.month_file", LOGGED, example)
    month.add_argument("--area", required=True, metavar="AREA", help="by name or code")
    month.add_argument("--first", default="", metavar="DATE", help="a day in the month (default: today)")
    month.add_argument("--out", required=True, metavar="FILE", help="name ending in .xlsx or .csv")
    cli_words.operator(month)


def _binder(group: Any) -> None:
    does = (
        "write an inspection binder: one mechanism, one period, each matter with its proof against the seal"
    )
    example = 'gongzhi sheet binder --area 第一街道 --of whistle --out 11.zip --as "Wang Fang" --reason "inspection"'
    made = cli_words.add(group, "binder", does, "records.binder_file", LOGGED, example)
    made.add_argument("--area", required=True, metavar="AREA", help="by name or code")
    made.add_argument("--of", required=True, metavar="PROCESS", help="incident, whistle, patrol, notice …")
    made.add_argument(
        "--kind", choices=["month", "quarter", "year"], default="month", help="(default: month)"
    )
    made.add_argument("--first", default="", metavar="DATE", help="a day in the period (default: today)")
    made.add_argument("--out", required=True, metavar="FILE.zip")
    cli_words.operator(made)
