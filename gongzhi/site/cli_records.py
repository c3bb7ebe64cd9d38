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
