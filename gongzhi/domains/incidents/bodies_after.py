"""Bodies of what follows a closing: marks that count in a unit's figures, call-backs, appeals."""

import json

from gongzhi.domains.incidents.desks_after import gave_up
from gongzhi.domains.incidents.models import CalledBack, Mark
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body

INCIDENT = "incident"


def mark(deed: Deed, what: str) -> None:
    """Lay a mark to the unit that holds the matter; a new one of the same sort takes the place of the former."""
    holder = deed.work.tie("holder")
    if holder is None or holder.organisation_id is None:
        return
    row = Mark(matter_id=deed.matter.pk, organisation_id=holder.organisation_id, what=what, at=deed.at)
    deed.after_rows(lambda: _upserted(row, ["at", "appeal", "ground", "appealed_at", "decided_at"]))


def _upserted(row: Mark, anew: list[str]) -> None:
    one = ["matter", "organisation", "what"]
    Mark.objects.bulk_create([row], update_conflicts=True, unique_fields=one, update_fields=anew)


@body(INCIDENT, "send_back")
def send_back(deed: Deed) -> None:
    """Not done as it should be: done again."""
    mark(deed, "rework")


@body(INCIDENT, "explain")
def explain(deed: Deed) -> None:
    """The reporter was not content, and it was beyond what could be done: the unit is told, and may appeal."""
    mark(deed, "rating")


@body(INCIDENT, "called_back")
def called_back(deed: Deed) -> None:
    """What was answered when rung; the reporter's own rating is another row and stays as it is."""
    answers = {name: deed.said.get(name, "") for name in ("was_contacted", "was_solved", "satisfied")}
    _keep_call(CalledBack(matter_id=deed.matter.pk, at=deed.at, reached=True, **answers), deed)


@body(INCIDENT, "call_missed")
def call_missed(deed: Deed) -> None:
    """Not reached; where it is not tried again, that is kept too and counts nowhere."""
    if gave_up(deed):
        _keep_call(CalledBack(matter_id=deed.matter.pk, at=deed.at), deed)


def _keep_call(row: CalledBack, deed: Deed) -> None:
    anew = ["at", "reached", "was_contacted", "was_solved", "satisfied"]
    deed.after_rows(
        lambda: CalledBack.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["matter"], update_fields=anew
        )
    )


@body(INCIDENT, "appeal")
def appeal(deed: Deed) -> None:
    """The unit's appeal against one mark; what is late becomes a mark when it is appealed against."""
    unit = deed.work.holder_id
    assert unit is not None, "only who holds it appeals"
    deed.facts["unit"] = unit
    row = Mark(
        matter_id=deed.matter.pk,
        organisation_id=unit,
        what=deed.said["appeal_about"],
        at=deed.at,
        appeal="open",
        ground=deed.said["appeal_ground"],
        appealed_at=deed.at,
    )
    anew = ["appeal", "ground", "appealed_at", "decided_at"]
    deed.after_rows(lambda: _upserted(row, anew))


@body(INCIDENT, "uphold_appeal", "refuse_appeal")
def decide_appeal(deed: Deed) -> None:
    """Upheld: no longer counted for that unit, for the ground it gave. Refused: counted as before."""
    asked = deed.work.open_waits("judge_appeal")[0].opened_by_id
    facts = json.loads(Entry.objects.values_list("facts", flat=True).get(pk=asked))
    outcome = "upheld" if deed.action.id == "uphold_appeal" else "refused"
    deed.facts |= {"appeal_about": facts["appeal_about"], "appeal_ground": facts["appeal_ground"]}
    rows = Mark.objects.filter(matter=deed.matter.pk, organisation=facts["unit"], what=facts["appeal_about"])
    deed.after_rows(lambda: rows.update(appeal=outcome, decided_at=deed.at))
