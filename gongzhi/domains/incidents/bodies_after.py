"""Bodies of what follows a closing: marks that count in a unit's figures, call-backs, appeals."""

from gongzhi.domains.incidents.models import Mark
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body

INCIDENT = "incident"


def mark(deed: Deed, what: str) -> None:
    """Lay a mark to the unit that holds the matter; a new one of the same sort takes the place of the former."""
    holder = deed.work.tie("holder")
    if holder is None or holder.organisation_id is None:
        return
    row = Mark(matter_id=deed.matter.pk, organisation_id=holder.organisation_id, what=what, at=deed.at)
    deed.after_rows(lambda: _laid(row))


def _laid(row: Mark) -> None:
    one, anew = ["matter", "organisation", "what"], ["at", "appeal", "ground", "appealed_at", "decided_at"]
    Mark.objects.bulk_create([row], update_conflicts=True, unique_fields=one, update_fields=anew)


@body(INCIDENT, "send_back")
def send_back(deed: Deed) -> None:
    """Not done as it should be: done again."""
    mark(deed, "rework")


@body(INCIDENT, "explain")
def explain(deed: Deed) -> None:
    """The reporter was not content, and it was beyond what could be done: the unit is told, and may appeal."""
    mark(deed, "rating")
