"""What the actions on a notice change in its own row, in the same transaction."""

from datetime import datetime, time, timedelta

from django.utils.timezone import localtime, make_aware

from gongzhi.domains.outreach.row import keep, notice_of
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body


@body("notice", "draft", "edit")
def written(deed: Deed) -> None:
    """Kind, days and where the words stand."""
    row, said = notice_of(deed), deed.said
    row.kind, row.until_on = said["notice_kind"], said["until_day"]
    row.from_on = said.get("from_day") or localtime(deed.at).date()
    row.said = deed.entry.pk
    deed.matter.title = said["title"]
    keep(deed, row)


@body("notice", "publish")
def published(deed: Deed) -> None:
    """It stands to the end of its last day; whoever publishes may name another day."""
    row = notice_of(deed)
    row.until_on = deed.said.get("until_day") or row.until_on
    deed.facts["until_day"] = row.until_on.isoformat()
    deed.said["until_day"] = day_ends(datetime.combine(row.until_on, time()))
    keep(deed, row)


def day_ends(day: datetime) -> datetime:
    """The end of a day, as a moment."""
    return make_aware(day + timedelta(days=1))
