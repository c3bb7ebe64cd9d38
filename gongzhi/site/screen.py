"""The one screen ``gongzhi run`` ends with: where to go, as whom, what to try first."""

import unicodedata

from django.conf import settings

RULE = "─" * 78


def welcome(address: str, health: dict[str, object], first: str = "") -> str:
    """The screen as text. ``health`` is what ``/healthz`` said; ``first`` tells what was loaded just now."""
    lines = [RULE, f"共治 gongzhi {settings.VERSION}    {address}/", RULE]
    lines += [first] if first else []
    lines += _demonstration(address) if settings.DEMO else []
    lines += [
        "",
        f"数据  data        {settings.DATA}",
        f"落盘  durability  {health.get('database')}: {health.get('durability')}",
        f"通知  channels    {_channels(health)}",
        f"日志  logs        {settings.DATA}/logs",
        f"状态  health      {address}/healthz",
        "停止  stop        Ctrl-C",
        RULE,
    ]
    return "\n".join(lines)


def _channels(health: dict[str, object]) -> str:
    """``短信 没有接通 off，…``: which ways out of the house stand."""
    from gongzhi.kernel.telling.channels import CHANNELS

    words = {"on": "接通 on", "fake": "演示 /outbox/", "off": "没有接通 off"}
    found = health.get("channels")
    states: dict[str, str] = found if isinstance(found, dict) else {}
    return "，".join(f"{CHANNELS[name].label} {words[state]}" for name, state in states.items())


def _demonstration(address: str) -> list[str]:
    from gongzhi.site import prepare
    from gongzhi.site.context import DEMONSTRATION

    lines = [f"{DEMONSTRATION}。 Demonstration data: real territory, fictional people.", ""]
    lines += ["账号  accounts（登录 sign in 密码 password）"]
    rows = prepare.accounts()
    wide = [max((_width(row[column]) for row in rows), default=0) for column in range(4)]
    for row in rows:
        lines.append(
            "  " + "  ".join(_padded(word, wide[column]) for column, word in enumerate(row)).rstrip()
        )
    return [*lines, "", *_first_steps(address)]


def _first_steps(address: str) -> list[str]:
    return [
        "先试什么  try first",
        f"  1 居民说一件事      report as a resident, no account    {address}/",
        f"  2 受理、派遣、办理  sign in and handle it               {address}/desk/",
        f"  3 看全区            the command centre                  {address}/command/",
        f"  4 接口              the API                             {address}/api/v1/",
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
