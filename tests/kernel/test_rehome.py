"""A grid redrawn, a mandate ended: next morning every open matter stands at a living desk and both sides were told."""

import json
from datetime import date

import pytest
import shapely

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Area, Delivery, Entry, Mandate, Matter, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.desks import desk_of_wait, sitting
from gongzhi.kernel.process.rehome import list_orphans, rehome
from gongzhi.kernel.process.unattended import orphan_desks
from gongzhi.kernel.telling.post import deliver
from gongzhi.kernel.territory import redraw
from tests.cast import Cast, clock, fresh, mandate

pytestmark = pytest.mark.django_db
DRAWN, MORNING_AFTER = clock("2026-11-20 17:00"), clock("2026-11-21 00:10")
EFFECTIVE = date(2026, 11, 21)


def with_ground(cast: Cast) -> None:
    """Give the community and its three grids ground to stand on."""
    west, south = 117.70, 40.90
    strips = {"grid": 0, "next_grid": 1, "tenth_grid": 2}
    for name, place in strips.items():
        strip = shapely.box(west + place * 0.02, south, west + (place + 1) * 0.02, south + 0.06)
        _ground(cast.areas[name], strip)
    _ground(cast.areas["community"], shapely.box(west, south, west + 0.06, south + 0.06))


def _ground(area: Area, shape: shapely.Polygon) -> None:
    area.polygon = shapely.to_wkb(shape)
    area.save(update_fields=["polygon"])


def redrawn(cast: Cast, count: int = 2) -> list[Area]:
    """The community's grids drawn anew from tomorrow; the old worker's mandate ends with the old grid."""
    by = Acting.operator("测试", "重划")
    new = redraw.redraw(cast.areas["community"], count, EFFECTIVE, by, DRAWN).new
    Mandate.objects.filter(area__level="grid").update(until=clock("2026-11-21 00:00"))
    return list(new)


def entry_of(matter: Matter) -> Entry:
    return Entry.objects.get(matter=matter, verb="rehome")


def assert_living(cast: Cast, matter: Matter) -> None:
    who = sitting(MORNING_AFTER)
    for wait in Wait.objects.filter(matter=matter, ended_at=None).exclude(desk_role="reporter"):
        assert who.has(desk_of_wait(wait), matter.pack), (
            f"{wait.what} at {wait.desk_role}@{wait.desk_area_id}"
        )


def test_ten_open_matters_stand_at_living_desks_next_morning(cast: Cast) -> None:
    with_ground(cast)
    told = [cast.snap(point=(40.91 + n * 0.004, 117.705), at=clock("2026-11-20 14:00")) for n in range(10)]
    new = redrawn(cast)
    cast.areas["new_grid"], cast.people["newcomer"] = new[0], cast.people["part_timer"]
    mandate(cast, "newcomer", "grid_worker", "new_grid", "committee", since=clock("2026-11-21 00:00"))
    assert rehome(clock("2026-11-20 23:00")) == 0, "today the old grids still hold"
    assert rehome(MORNING_AFTER) == 10
    assert rehome(MORNING_AFTER) == 0
    for one in told:
        matter = fresh(one)
        assert matter.grid in new and matter.area.valid_to is None
        assert_living(cast, matter)
        facts = json.loads(entry_of(matter).facts)
        assert (facts["area_was"], facts["area_now"]) == (cast.areas["grid"].pk, matter.area_id)
        assert any(desk["was"] == f"grid_worker@{cast.areas['grid'].pk}" for desk in facts["desks"])
        followers = set(Delivery.objects.filter(entry=entry_of(matter)).values_list("follower", flat=True))
        assert followers >= {"tell:awaited", "tell:former_desk", "tell:reporter"}
    deliver(MORNING_AFTER)
    carried = Delivery.objects.filter(entry__verb="rehome", follower__startswith="tell:")
    assert set(carried.values_list("state", flat=True)) == {"done"}
    seats = set(Wait.objects.filter(ended_at=None, what="propose").values_list("desk_role", "desk_area"))
    assert seats <= {("grid_worker", new[0].pk), ("community_desk", cast.areas["community"].pk)}


def test_what_is_in_hand_goes_along_and_what_is_closed_stays(cast: Cast) -> None:
    with_ground(cast)
    working, done = (cast.snap("单元门关不上", category="corridor_lamp").matter for _ in range(2))
    take(working, "accept", by=cast.desk(), at=clock("2026-11-20 14:10"))
    take(working, "assign_down", by=cast.desk(), at=clock("2026-11-20 14:20"))
    take(
        done, "self_handle", by=cast.worker(), at=clock("2026-11-20 15:00"), done_on_spot="紧了合页，能关上了"
    )
    redrawn(cast, 1)
    rehome(MORNING_AFTER)
    assert fresh(done).grid == cast.areas["grid"], "a closed matter keeps the grid it had"
    wait = Wait.objects.get(matter=working, what="handle")
    assert (wait.desk_role, wait.desk_area) == ("community_desk", cast.areas["community"])
    assert fresh(working).grid != cast.areas["grid"] and fresh(working).community == cast.areas["community"]
    take(
        working, "answer", by=cast.desk(MORNING_AFTER), at=clock("2026-11-23 09:00"), contacted="talked",
        reply_done="换了合页。", reply_result="门关上了。", solved="solved",
    )  # fmt: skip


def test_a_mandate_that_ended_alone_hands_its_desk_to_the_level_above(cast: Cast) -> None:
    lamp = cast.snap().matter
    Mandate.objects.filter(role__in=("community_desk", "community_secretary")).update(until=DRAWN)
    assert rehome(MORNING_AFTER) == 1
    wait = Wait.objects.get(matter=lamp, what="accept")
    assert (wait.desk_role, wait.desk_area) == ("street_desk", cast.areas["street"])
    assert "area_was" not in json.loads(entry_of(lamp).facts)
    take(lamp, "accept", by=cast.street_desk(MORNING_AFTER), at=clock("2026-11-23 09:00"))


def test_a_stand_in_keeps_the_desk_and_who_took_a_matter_and_left_gives_it_back(cast: Cast) -> None:
    lamp = cast.snap().matter
    wait = Wait.objects.get(matter=lamp, what="accept")
    Wait.objects.filter(pk=wait.pk).update(person=cast.people["desk"])
    assert rehome(MORNING_AFTER) == 0
    gone = Mandate.objects.get(person=cast.people["desk"])
    mandate(cast, "neighbour", "community_desk", "community", "committee", stands_in_for=gone, since=DRAWN)
    Mandate.objects.filter(pk=gone.pk).update(until=DRAWN)
    assert rehome(MORNING_AFTER) == 1
    wait.refresh_from_db()
    assert (wait.person, wait.desk_role, wait.desk_area) == (None, "community_desk", cast.areas["community"])
    assert rehome(MORNING_AFTER) == 0


def test_what_nobody_named_may_take_over_waits_and_is_listed_once_a_day(cast: Cast) -> None:
    private = cast.snap("他打孩子，孩子在哭").matter
    unit = cast.snap().matter
    take(unit, "accept", by=cast.desk(), at=clock("2026-11-20 14:10"))
    take(unit, "raise_to_street", by=cast.desk(), at=clock("2026-11-20 14:20"))
    take(unit, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 14:30"))
    take(unit, "dispatch", by=cast.centre(), at=clock("2026-11-20 14:40"), to=cast.organisations["works"].pk)
    Mandate.objects.filter(role__in=("private_officer", "unit_contact", "unit_lead")).update(until=DRAWN)
    assert private.private
    assert rehome(MORNING_AFTER) == 0
    orphans = orphan_desks(MORNING_AFTER)
    assert {one.label for one in orphans} == {"区市政中心", "柳岸街道街道专办员"}
    assert [one.waits for one in orphans if one.label == "区市政中心"] == [2]
    assert list_orphans(MORNING_AFTER) == list_orphans(clock("2026-11-21 09:00")) == 2
    assert Entry.objects.filter(register="people", verb="orphan_desks").count() == 1
    district = cast.areas["district"].pk
    assert {one.seen_by.area_id for one in orphans if one.seen_by} == {district}
