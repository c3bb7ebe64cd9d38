"""The whole table, for every process of every pack: each stage × each action × each hand, refused or not by the page.

The oracle below reads the raw page and knows nothing of the door. The outsider and the one a matter is about are
tried on every cell.
"""

from typing import Any

import pytest

from gongzhi.domains.fairs.models import Fair
from gongzhi.domains.outreach.models import Notice
from gongzhi.domains.patrols.models import Patrol, Route, Stop
from gongzhi.domains.responsibilities.models import Responsibility
from gongzhi.domains.whistles.models import Whistle, WhistlePart
from gongzhi.kernel import packs
from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.chain import canonical
from gongzhi.kernel.models import Entry, Matter, Tie, Wait
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.flush import load_works
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.steps import decide
from gongzhi.kernel.process.verdict import NotNow, NotYours, Refusal
from gongzhi.kernel.process.versions import current, store
from tests.cast import MORNING, Cast

pytestmark = pytest.mark.django_db


def different_pages() -> list[tuple[str, str]]:
    """Every process of every shipped pack, a page that a pack takes over unchanged only once."""
    found: dict[str, tuple[str, str]] = {}
    for name in packs.names():
        shelf = packs.load(name)
        for process in shelf.processes:
            found.setdefault(canonical(shelf.process(process)), (name, process))
    return list(found.values())


PROCESSES = different_pages()
TIES = {
    "holder": "works",
    "sender": "centre",
    "acceptor": "committee",
    "assisting": "law",
    "asker": "committee",
}
SPEAKS = {"works": {"holder"}, "centre": {"sender"}, "desk": {"acceptor", "awaited"}, "chief": {"sender"}}
STANDS = {
    "worker": {"grid_worker"},
    "neighbour": set(),
    "part_timer": {"part_time_worker"},
    "desk": {"community_desk", "acceptor", "asker", "awaited"},
    "secretary": {"community_secretary", "acceptor", "asker", "awaited"},
    "dispatcher": {"street_dispatcher"},
    "street_leader": {"street_leader"},
    "centre": {"district_dispatcher", "sender"},
    "chief": {"district_chief", "sender"},
    "leader": {"district_leader"},
    "works": {"holder"},
    "law": {"assisting"},
    "other_desk": set(),
    "outsider": set(),
}


def own_notice(matter: Matter, opened: Entry) -> None:
    """A notice's own row, as its first entry would have written it."""
    day = MORNING.date()
    Notice.objects.create(matter=matter, kind="outage", from_on=day, until_on=day, said=opened.pk)


def own_whistle(matter: Matter, opened: Entry) -> None:
    """A whistle's own row."""
    asker = Tie.objects.get(matter=matter, role="asker").organisation
    Whistle.objects.create(matter=matter, asker=asker, kind="joint", said=opened.pk)


def own_part(matter: Matter, opened: Entry) -> None:
    """A part's own row, of the organisation that holds it."""
    asker, unit = (Tie.objects.get(matter=matter, role=role).organisation for role in ("asker", "holder"))
    WhistlePart.objects.create(matter=matter, asker=asker, unit=unit)


def own_patrol(matter: Matter, opened: Entry) -> None:
    """A patrol's own row with one point."""
    laid = Route.objects.create(matter=matter, days=1)
    walk = Patrol.objects.create(matter=matter, route=laid, until_on=MORNING.date())
    Stop.objects.create(patrol=walk, n=1, label="3 号楼", look="lamp", area=matter.area)


def own_route(matter: Matter, opened: Entry) -> None:
    """A route's own row."""
    Route.objects.create(matter=matter, days=1)


def own_fair(matter: Matter, opened: Entry) -> None:
    """A session's own row, today."""
    Fair.objects.create(matter=matter, day=MORNING.date(), hours="18:30–20:30", said=opened.pk)


def own_responsibility(matter: Matter, opened: Entry) -> None:
    """A responsibility's own row, as its first entry would have written it."""
    Responsibility.objects.create(matter=matter, kind="safety", said=opened.pk)


OWN_ROWS = {
    "responsibility": own_responsibility,
    "notice": own_notice,
    "whistle": own_whistle,
    "whistle_part": own_part,
    "patrol": own_patrol,
    "patrol_route": own_route,
    "fair": own_fair,
}  # what a domain keeps beside a matter, where its guards read it


def a_matter(cast: Cast, pack: str, kind: str) -> Matter:
    """A matter of the process with every tie held and every wait open at the community's desk."""
    told = cast.snap()
    process = current(pack, kind)
    Matter.objects.filter(pk=told.matter.pk).update(kind=kind, pack=pack, process=store(process, MORNING))
    for role, organisation in TIES.items():
        Tie.objects.create(
            matter=told.matter, role=role, organisation=cast.organisations[organisation], since=MORNING
        )
    Wait.objects.filter(matter=told.matter).update(ended_at=MORNING)
    opened = Entry.objects.filter(matter=told.matter).get()
    if kind in OWN_ROWS:
        OWN_ROWS[kind](told.matter, opened)
    for what in process.waits:
        Wait.objects.create(
            id=new_id(),
            matter=told.matter,
            what=what,
            desk_role="community_desk",
            desk_area=cast.areas["community"],
            since=MORNING,
            opened_by=opened,
        )
    return told.matter


def refusal_of(matter: Matter, action: str, by: Acting) -> type[Refusal] | None:
    """How the door decides on one cell, without taking the action."""
    work = load_works([matter.pk])[matter.pk]
    return refused(work, action, by)


def refused(work: Any, action: str, by: Acting) -> type[Refusal] | None:
    try:
        decide(work, action, by, MORNING, {})
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(("pack", "kind"), PROCESSES)
def test_every_cell_is_as_the_page_says(cast: Cast, pack: str, kind: str) -> None:
    matter = a_matter(cast, pack, kind)
    raw, process = packs.load(pack).process(kind), current(pack, kind)
    open_stages = [key for key, stage in raw["stage"].items() if stage.get("counts", "open") == "open"]
    hands = {name: cast.acting(name) for name in STANDS}
    wrong = []
    for stage in process.stages:
        Matter.objects.filter(pk=matter.pk).update(stage=stage)
        work = load_works([matter.pk])[matter.pk]
        for key, action in raw["action"].items():
            from_ = [s for one in action.get("from", []) for s in (open_stages if one == "*open" else [one])]
            for name, by in hands.items():
                awaits = {"awaited"} if action.get("ends") else set()
                stands = ((STANDS[name] - {"awaited"}) | (STANDS[name] & awaits)) & set(action["by"])
                stands |= {"anyone"} & set(action["by"])
                expected = NotYours if not stands or not from_ else NotNow if stage not in from_ else None
                got = refused(work, key, by)
                if (got if got in (NotYours, NotNow) else None) is not expected:
                    wrong.append((stage, key, name, got, expected))
    assert wrong == []


@pytest.mark.parametrize(("pack", "kind"), PROCESSES)
def test_the_outsider_and_the_one_complained_of_are_refused_on_every_cell(
    cast: Cast, pack: str, kind: str
) -> None:
    matter = a_matter(cast, pack, kind)
    about = Tie.objects.create(
        matter=matter, role="about", organisation=cast.organisations["committee"], since=MORNING
    )
    process = current(pack, kind)
    refused_ones = [cast.outsider(), cast.desk(), cast.secretary(), cast.worker()]
    actions = [key for key, action in process.actions.items() if "anyone" not in action.by]
    for stage in process.stages:
        Matter.objects.filter(pk=matter.pk).update(stage=stage)
        work = load_works([matter.pk])[matter.pk]
        assert {refused(work, key, by) for key in actions for by in refused_ones} == {NotYours}
    about.delete()
    work = load_works([matter.pk])[matter.pk]
    someone = [cast.desk(), cast.centre(), cast.works()]
    assert any(refused(work, key, by) is not NotYours for key in actions for by in someone)


def test_both_doors_decide_alike(cast: Cast) -> None:
    matter = cast.snap().matter
    process, by = current("cn", "incident"), cast.desk()
    for key in process.actions:
        one = refusal_of(matter, key, by)
        if one is not None:
            many = take_all([Order(matter.pk, (Step(key),), by, MORNING)])[0].refusal
            assert type(many) is one, key
