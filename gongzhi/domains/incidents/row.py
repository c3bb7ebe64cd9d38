"""The incident's own row during an action: read once, written once."""

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.process.deed import Deed


def incident_of(deed: Deed) -> Incident:
    """The incident of the matter under lock (one statement the first time)."""
    kept: Incident | None = getattr(deed.work, "incident", None)
    if kept is None:
        kept = (
            Incident(matter_id=deed.matter.pk) if deed.work.new else Incident.objects.get(pk=deed.matter.pk)
        )
        deed.work.incident = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, **changed: object) -> Incident:
    """Change the incident's row; it is saved once, with the kernel's rows."""
    row = incident_of(deed)
    names: set[str] | None = getattr(deed.work, "incident_changed", None)
    if names is None:
        names = set()
        deed.work.incident_changed = names  # type: ignore[attr-defined]
        deed.after_rows(lambda: _save(row, names))
    for name, value in changed.items():
        setattr(row, name, value)
        names.add(name)
    return row


def _save(row: Incident, names: set[str]) -> None:
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=sorted(names))
