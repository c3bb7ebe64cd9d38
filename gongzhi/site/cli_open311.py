"""How ``gongzhi open311`` is declared."""

from typing import Any

from gongzhi.site import cli_words


def add(sub: Any) -> None:
    """Keys of other systems that speak Open311."""
    group = cli_words.group(sub, "open311", "keys for systems that speak Open311 GeoReport v2")
    _key(group)
    more = "Name, organisation, area, verbs, rate and last day of every key in use; never its text."
    cli_words.add(group, "keys", "list the keys in use", "open311.keys", more)
    revoke = cli_words.add(group, "revoke", "take a key back now", "open311.revoke")
    revoke.add_argument("name", metavar="NAME")
    cli_words.operator(revoke)


def _key(group: Any) -> None:
    more = (
        "Belongs to one organisation and this channel. Reports by default; read shows what the organisation holds in\n"
        "the area, update writes back as an action of the organisation. Kept as a hash, shown once."
    )
    example = (
        "gongzhi open311 key 路灯平台 --organisation 区市政中心 --verbs report,read,update --days 365 \\\n"
        '    --as "Wang Fang" --reason "agreement of 2026-11"'
    )
    key = cli_words.add(group, "key", "give another system a key", "open311.key", more, example)
    key.add_argument("name", metavar="NAME")
    key.add_argument("--organisation", required=True, metavar="NAME", help="whose it is, by name")
    key.add_argument(
        "--verbs", default="report", metavar="VERBS", help="report, read, update (default: report)"
    )
    key.add_argument("--area", default="", metavar="AREA", help="by name or code (default: the one district)")
    key.add_argument("--days", type=int, default=365, metavar="N", help="days it holds (default: 365)")
    rate = "uses an hour, of each verb (default: the pack's, open311.toml)"
    key.add_argument("--per-hour", type=int, default=0, metavar="N", help=rate)
    cli_words.operator(key)
