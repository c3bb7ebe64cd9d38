"""How much of each form was written by hand in the demonstration's last two months: less in the second."""

from datetime import timedelta

from gongzhi.kernel.indicators import typed
from gongzhi.surfaces.jobs.demo_stage import Stage

FORMS = (  # form, surface, questions shown, answered, written by hand two months ago and now
    ("incident.report", "desk", 9, 5, 3, 2),
    ("incident.report", "portal", 3, 3, 3, 2),
    ("incident.accept", "desk", 3, 2, 1, 0),
    ("incident.dispatch", "desk", 3, 3, 2, 1),
    ("incident.reply", "desk", 4, 3, 3, 2),
)
DAYS = (58, 51, 44, 37, 28, 21, 14, 7, 1)
HALF = 30


def set_out(stage: Stage) -> int:
    """Count the forms of nine days; how many there are."""
    for form, surface, shown, answered, before, now in FORMS:
        for ago in DAYS:
            written = before if ago > HALF else now
            typed.add(form, surface, shown, answered, written, stage.last - timedelta(days=ago))
    return len(FORMS) * len(DAYS)
