"""When a route is walked next: pure counting over days of the week."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

OPENS_AT = time(6)  # a patrol stands on the list before the morning begins


def next_day(weekdays: str, first: date) -> date:
    """The first of these days of the week (``1`` Monday … ``7`` Sunday) from a day on; that day where none is named."""
    for ahead in range(7):
        day = first + timedelta(days=ahead)
        if str(day.isoweekday()) in weekdays:
            return day
    return first


def opens(day: date) -> datetime:
    """The moment a patrol of that day is opened."""
    return make_aware(datetime.combine(day, OPENS_AT))


def ends(day: date) -> datetime:
    """The end of a day."""
    return make_aware(datetime.combine(day + timedelta(days=1), time()))


def tidy(weekdays: str) -> str:
    """The days named, in order, each once."""
    return "".join(one for one in "1234567" if one in weekdays)
