"""What the actions change in a whistle's own rows, in the same transaction."""

from gongzhi.domains.whistles.models import Whistle
from gongzhi.domains.whistles.parts import open_parts
from gongzhi.domains.whistles.row import KIND, PART, keep, own_house, part_of, whistle_of
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import body

OWN_FAULT = ("own_power", "not_tried")  # grounds that count for who asked


@body(KIND, "propose", "ask")
def asked(deed: Deed) -> None:
    """Who asks, of which kind, for when; the words stand with this entry."""
    row, house = whistle_of(deed), own_house(deed)
    assert house is not None, "the guard asked for one"
    deed.add_tie("asker", organisation_id=house)
    row.asker_id, row.kind, row.said = house, deed.said["whistle_kind"], deed.entry.pk
    row.meet_at = deed.said.get("meet_at")
    keep(deed, row)
    link = Whistle.wanted.through
    wanted = {unit.pk for unit in deed.said.get("wanted", [])}
    if wanted:
        links = [link(whistle_id=deed.matter.pk, organisation_id=pk) for pk in sorted(wanted)]
        deed.after_rows(lambda: link.objects.bulk_create(links))


@body(KIND, "approved_by_phone")
def approved_by_phone(deed: Deed) -> None:
    """An emergency: approved by telephone, to be signed."""
    _changed(deed, by_phone=True)


@body(KIND, "disown")
def disown(deed: Deed) -> None:
    """The leader has approved nothing by telephone: that counts for who asked."""
    _changed(deed, disowned=True, unjustified=True)


@body(KIND, "call")
def called(deed: Deed) -> None:
    """Number the whistle and open one part for each organisation."""
    number = deed.said.get("whistle_no") or f"哨{deed.matter.number}"
    deed.facts["whistle_no"] = number
    deed.set_tie("acceptor", own_house(deed))
    _changed(deed, number=number, called_at=deed.at)
    open_parts(deed, deed.said["units"])


@body(KIND, "call_more")
def called_more(deed: Deed) -> None:
    """Further organisations for a whistle that runs."""
    open_parts(deed, deed.said["units"])


@body(KIND, "decline")
def declined(deed: Deed) -> None:
    """Not called: two of the grounds count for who asked."""
    deed.set_tie("acceptor", own_house(deed))
    _changed(deed, unjustified=deed.said["decline_ground"] in OWN_FAULT)


@body(KIND, "find_unjustified")
def unjustified(deed: Deed) -> None:
    """Counts for who asked."""
    _changed(deed, unjustified=True)


@body(KIND, "clear")
def cleared(deed: Deed) -> None:
    """Counts no longer."""
    _changed(deed, unjustified=False)


def _changed(deed: Deed, **values: object) -> Whistle:
    row = whistle_of(deed)
    for name, value in values.items():
        setattr(row, name, value)
    keep(deed, row)
    return row


@body(PART, "answer_come")
def answered(deed: Deed) -> None:
    """When it answered, at the moment that counts."""
    _part(deed, answered_at=part_of(deed).answered_at or deed.counted)


@body(PART, "not_mine")
def not_mine(deed: Deed) -> None:
    """That is an answer too; the second one goes to the level above."""
    row = part_of(deed)
    _part(deed, answered_at=row.answered_at or deed.counted, refusals=row.refusals + 1)


@body(PART, "rule")
def ruled(deed: Deed) -> None:
    """No further refusal."""
    _part(deed, ruled=True)


@body(PART, "arrived")
def arrived(deed: Deed) -> None:
    """Recorded by who called; whoever stands there has answered."""
    _part(deed, arrived_at=deed.counted, answered_at=part_of(deed).answered_at or deed.counted)


@body(PART, "work_done")
def done(deed: Deed) -> None:
    """Its part is done, as it says."""
    _part(deed, done_at=deed.counted)


@body(PART, "rate_unit")
def rate_unit(deed: Deed) -> None:
    """Who called rates the organisation that came."""
    _part(deed, unit_mark=deed.said["unit_mark"])


@body(PART, "rate_asker")
def rate_asker(deed: Deed) -> None:
    """The organisation that came rates who called."""
    _part(deed, asker_mark=deed.said["asker_mark"])


def _part(deed: Deed, **values: object) -> None:
    row = part_of(deed)
    for name, value in values.items():
        setattr(row, name, value)
    keep(deed, row)
