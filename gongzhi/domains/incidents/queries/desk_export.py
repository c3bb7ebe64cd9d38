"""A list carried out of the house: the same rows the same hand sees, page by page, and an entry for it."""

from collections.abc import Iterator
from datetime import datetime

from gongzhi.domains.incidents.queries import desk
from gongzhi.domains.incidents.queries.desk_filters import NARROWING, Filters
from gongzhi.domains.incidents.queries.desk_rows import Row
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting

AT_ONCE = 500  # rows in memory
MOST = 50_000  # rows in one file


def rows(tab: str, filters: Filters, *, by: Acting, at: datetime) -> Iterator[Row]:
    """Every row of a list as the hand may read it, a few hundred in memory at a time, :data:`MOST` at most."""
    after, count = "", 0
    while count < MOST:
        page = desk.page(tab, filters, by=by, at=at, after=after, limit=AT_ONCE, pictured=False)
        yield from page.rows[: MOST - count]
        count += len(page.rows)
        after = page.after
        if not after:
            return


def exported(
    tab: str, filters: Filters, purpose: str, form: str, count: int, *, by: Acting, at: datetime
) -> Entry:
    """Keep who took out which list, by which filters, how many rows and what for, in the access register.

    What was searched for may be somebody's name: only that something was searched is kept.
    """
    narrowed = {name: str(getattr(filters, name)) for name in NARROWING if getattr(filters, name)}
    if "text" in narrowed:
        narrowed["text"] = "1"
    facts = {"list": tab, "purpose": purpose, "form": form, "rows": count, **narrowed}
    return registers.record("access", "export", by=by, at=at, facts=facts, path=f"list:{tab}")
