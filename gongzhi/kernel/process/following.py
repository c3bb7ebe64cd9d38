"""Following a matter: a mark of one's own. It gives no right to read; whoever loses the right no longer finds it."""

from datetime import datetime

from django.db.models import QuerySet

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Watched
from gongzhi.kernel.process.verdict import NotYours


def follow(matter: Matter, *, by: Acting, at: datetime) -> None:
    """Keep a matter on the hand's own list. NotYours where it may not be read."""
    if by.person is None or gate.reading(matter, by=by, at=at) is None:
        raise NotYours("没有这件事，或者不归您看。", hidden=True)
    Watched.objects.get_or_create(person=by.person, matter=matter, defaults={"since": at})


def unfollow(matter: Matter, *, by: Acting, at: datetime) -> None:
    """Take a matter off the hand's own list, whether or not it may still be read."""
    followed(by).filter(matter=matter).delete()


def follows(matter: Matter, *, by: Acting) -> bool:
    """Whether the hand follows a matter (one statement)."""
    return followed(by).filter(matter=matter).exists()


def followed(by: Acting) -> QuerySet[Watched]:
    """What the hand has marked; each reading of the matters still goes through the gate."""
    return Watched.objects.filter(person=by.person) if by.person is not None else Watched.objects.none()
