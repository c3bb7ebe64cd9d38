"""What the acts between desks change: who assists, what is listed, linked, put beside a matter, how it is classed."""

from gongzhi.domains.incidents.row import keep
from gongzhi.kernel.ledger.models import Paper
from gongzhi.kernel.process import erase
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.models import Link
from gongzhi.kernel.process.registry import body, desk
from gongzhi.kernel.telling import colleagues

INCIDENT = "incident"


@desk("assisting_units")
def assisting_units(deed: Deed) -> list[Desk] | None:
    """Each unit just asked to assist has a wait of its own."""
    return [Desk(org_id=unit.pk) for unit in deed.said.get("assisting", [])] or None


@body(INCIDENT, "add_assist")
def add_assist(deed: Deed) -> None:
    """They stand beside the lead from now on."""
    for unit in deed.said["assisting"]:
        deed.add_tie("assisting", organisation_id=unit.pk)


@body(INCIDENT, "drop_assist")
def drop_assist(deed: Deed) -> None:
    """They stand beside no longer, and nothing is awaited of them."""
    gone = {unit.pk for unit in deed.said["assist_out"]}
    for tie in deed.work.living_ties("assisting"):
        if tie.organisation_id in gone:
            tie.until = deed.at
    for wait in deed.work.open_waits("assist"):
        if wait.desk_org_id in gone:
            deed.end(wait)


@body(INCIDENT, "assist_done", "assist_refuse")
def assist_answered(deed: Deed) -> None:
    """Whose part it is."""
    deed.facts["unit"] = deed.by.mandate.organisation_id if deed.by.mandate else None


@body(INCIDENT, "supervise_listed")
def supervise_listed(deed: Deed) -> None:
    """A listing has a number, a ground, a demand and its signer, and stands until it is lifted."""
    deed.facts.setdefault("order_no", f"挂{deed.matter.number}")
    deed.facts["signer"] = deed.by.person.pk if deed.by.person else None
    deed.end_waits("supervise_answer")
    keep(deed, supervised=True, listed_entry=deed.entry.pk)


@body(INCIDENT, "lift_listing")
def lift_listing(deed: Deed) -> None:
    """Off the list; what was ordered and answered stays in the ledger."""
    keep(deed, listed_entry=None)


@body(INCIDENT, "stay_listed")
def stay_listed(deed: Deed) -> None:
    """The new day."""
    keep(deed, look_again_on=deed.said["look_again_on"])


@body(INCIDENT, "class_hard")
def class_hard(deed: Deed) -> None:
    """Which class, and so which way of answering."""
    keep(deed, hard_class=deed.said["hard_class"])


@body(INCIDENT, "note")
def note(deed: Deed) -> None:
    """Whoever is named is told."""
    words, named = str(deed.said.get("note", "")), {one.pk for one in deed.said.get("mention", [])}
    if typed := colleagues.at_signs(words):
        known = colleagues.who(deed.work, by=deed.by, at=deed.at)
        named |= {row.person_id for said in typed if (row := colleagues.meant(said, known)) is not None}
    if named:
        deed.facts["mention"] = sorted(named)
        deed.tells.append("mentioned")


@body(INCIDENT, "link")
def link(deed: Deed) -> None:
    """One row for both ends; the entry names the row, not the other end."""
    row = Link(
        one_id=deed.matter.pk,
        other_id=deed.work.link_other,  # type: ignore[attr-defined]
        kind=deed.said["link_kind"],
        entry_id=deed.entry.pk,
    )
    deed.facts["link"] = str(row.pk)
    deed.after_rows(lambda: row.save(force_insert=True))


@body(INCIDENT, "unlink")
def unlink(deed: Deed) -> None:
    """The link ends; that there was one stays."""
    pk = int(deed.said["linked"])
    deed.facts["link"] = str(pk)
    deed.after_rows(lambda: Link.objects.filter(pk=pk).update(until=deed.at))


@body(INCIDENT, "attach")
def attach(deed: Deed) -> None:
    """The files' digests enter the chain; their rows stand beside the entry."""
    rows = [
        Paper(
            matter_id=deed.matter.pk,
            entry_id=deed.entry.pk,
            name=one.name,
            digest=one.digest,
            media_type=one.media_type,
            bytes=one.bytes,
        )
        for one in deed.said["papers"]
    ]
    deed.facts["kept_papers"] = [one.digest for one in rows]
    deed.after_rows(lambda: Paper.objects.bulk_create(rows))


@body(INCIDENT, "remove_paper")
def remove_paper(deed: Deed) -> None:
    """A file put there by mistake goes; that it was there, and why it went, stays."""
    digest = Paper.objects.values_list("digest", flat=True).get(pk=int(deed.said["paper"]))
    erase.papers(deed, [digest])
