"""What import contracts cannot see: surfaces write no rows, and nothing below them reads the clock."""

import re

from tests.house import sources

WRITES = {
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
    "save",
}
CLOCK = re.compile(r"(timezone|datetime|date|dt)\.(now|utcnow|today)$|clock_now$|localtime$")


def test_surfaces_write_no_row_themselves() -> None:
    found = []
    for path in sources.written_by_hand("gongzhi/surfaces/"):
        for call, chain in sources.calls(path):
            if call.func.attr in WRITES and (".objects." in chain or "_set." in chain):
                found.append(f"{sources.name(path)}:{call.lineno} {chain[:80]}")
    assert found == []


def test_nothing_below_the_surfaces_reads_the_clock() -> None:
    found = []
    for under in ("gongzhi/kernel/", "gongzhi/domains/"):
        for path in sources.written_by_hand(under):
            for call, chain in sources.calls(path):
                if CLOCK.search(chain) and not call.args:
                    found.append(f"{sources.name(path)}:{call.lineno} {chain}")
    assert found == []
