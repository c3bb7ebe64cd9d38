"""Roll-ups: folded once, read right at any moment, and equal to a recount of everything."""

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.utils.timezone import localtime

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.indicators.fold import ALL, Cell, count, daily, fold, tally
from gongzhi.kernel.indicators.models import PRIVATE, Delta, Rollup
from gongzhi.kernel.models import Area, Entry, Matter, Tie
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import take_all
from gongzhi.kernel.process.opening import hang
from gongzhi.kernel.process.orders import Order, Step
from gongzhi.kernel.process.registry import BODIES
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.kernel.process.versions import current
from tests.cast import Cast, clock, key

DAY = date(2026, 11, 20)


def in_threads(*works: Callable[[], object]) -> list[object]:
    """Run at the same moment, each with a connection of its own; what they gave back, in order."""
    gate, answers, faults = threading.Barrier(len(works)), [None] * len(works), []

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            answers[place] = work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    return answers


def recount() -> Counter[Cell]:
    """Every cell anew from matters, ties and entries, the long way."""
    found: Counter[Cell] = Counter()
    stages = current("cn", "incident").stages
    for matter in Matter.objects.select_related("area"):
        kind = matter.kind + PRIVATE * matter.private
        holder = Tie.objects.filter(matter=matter, role="holder", until=None).order_by("-pk").first()
        units = {ALL, (holder.organisation_id if holder else None) or ALL}
        for area in _up(matter.area.path):
            for unit in units:
                found[(area, unit, kind, matter.counts, date.max)] += 1
        for entry in Entry.objects.filter(matter=matter).order_by("seq"):
            day = localtime(entry.at).date()
            was = stages[entry.before].counts if entry.before else ""
            now = stages[entry.after].counts
            flow = "new" if entry.seq == 1 else f"+{now}" if was != now else ""
            for area in _up(entry.path) if flow else []:
                found[(area, ALL, kind, flow, day)] += 1
    return Counter({cell: n for cell, n in found.items() if n})


def told() -> Counter[Cell]:
    """The same cells as the roll-ups tell them, net classes summed over the days, flows of all units only."""
    found: Counter[Cell] = Counter()
    kinds = ["incident", f"incident{PRIVATE}"]
    units = {ALL, *Tie.objects.filter(role="holder").values_list("organisation_id", flat=True)}
    for kind in kinds:
        for unit in units:
            net = tally(Area.objects.all(), ["open", "closed", "no_result"], organisation=unit, kind=kind)
            for (area, name, _), n in net.items():
                found[(area, unit, kind, name, date.max)] += n
        flows = tally(Area.objects.all(), ["new", "+open", "+closed", "+no_result"], kind=kind)
        for (area, name, day), n in flows.items():
            found[(area, ALL, kind, name, day)] += n
    return Counter({cell: n for cell, n in found.items() if n})


def _up(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


REPLY = {"contacted": "talked", "reply_done": "换了新灯头。", "reply_result": "灯亮了。", "solved": "solved"}
MOVES = [
    ("worker", "self_handle", {"done_on_spot": "当场换了灯泡，灯亮了"}),
    ("desk", "accept", {}),
    ("desk", "take_on", {}),
    ("desk", "decline", {"decline_reason": "not_ours", "door": "12345", "note": "不归社区"}),
    ("desk", "raise_to_street", {"note": "归街道"}),
    ("dispatcher", "raise_to_district", {}),
    ("centre", "dispatch", {"to": "works"}),
    ("works", "sign_in", {}),
    ("works", "reply", REPLY),
    ("worker", "pass_check", {"check_way": "look"}),
    ("centre", "close", {}),
    ("desk", "answer", REPLY),
    ("reporter", "withdraw", {}),
    ("reporter", "rate", {"was_solved": "solved", "satisfied": "good"}),
    ("reporter", "again", {"more": "又不亮了"}),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [7, 8])
def test_counts_equal_a_recount_after_any_history(cast: Cast, seed: int, monkeypatch) -> None:
    luck = random.Random(seed)
    monkeypatch.setitem(BODIES, ("*", "rehome"), lambda deed: move(deed, cast, luck))
    reports = [cast.snap(category=luck.choice(["lamp", "corridor_lamp", "noise_home"])) for _ in range(12)]
    reports += [cast.snap("他打孩子，孩子在哭", category="lamp")]
    assert any(told.matter.private for told in reports)
    at = clock("2026-11-20 09:00")
    for _ in range(120):
        at += timedelta(minutes=luck.choice([1, 30, 300]))
        report = luck.choice(reports)
        name, action, said = luck.choice(MOVES)
        by = cast.reporter(report) if name == "reporter" else cast.acting(name, at)
        said = said | {"to": cast.organisations[said["to"]].pk} if "to" in said else said
        with contextlib.suppress(Refusal):
            take(report.matter, action, by=by, at=at, key=key(), **said)
        if luck.random() < 0.1:
            take_all([Order(report.matter.pk, (Step("rehome"),), by.clock(), at)])
        if luck.random() < 0.2:
            fold(at, limit=luck.choice([1, 3, 2000]))
    assert len({name for _, _, _, name, _ in recount()}) >= 5, "the history was too quiet to test anything"
    assert told() == recount()
    fold(at)
    assert Delta.objects.count() == 0
    assert told() == recount()


def move(deed: Deed, cast: Cast, luck: random.Random) -> None:
    """Hang the matter in another grid, in another community, or at the street."""
    hang(deed.matter, cast.areas[luck.choice(["next_grid", "tenth_grid", "other_community", "street"])])


@pytest.mark.django_db
def test_a_count_is_told_for_days_kinds_and_units(cast: Cast) -> None:
    cast.snap()
    cast.snap("楼道灯不亮", area=cast.areas["next_grid"])
    street, grid = cast.areas["street"], cast.areas["grid"]
    assert count(street, "open") == 2 and count(grid, "open") == 1
    fold()
    cast.snap(at=clock("2026-11-21 10:00"))
    assert count(street, "new", since=DAY, until=DAY) == 2
    assert count(street, "new", since=DAY, kind="incident") == 3
    assert count(street, "open", kind="mend") == 0
    assert daily(street, ["new"], since=DAY, until=DAY + timedelta(days=2)) == {
        ("new", DAY): 2,
        ("new", DAY + timedelta(days=1)): 1,
    }


@pytest.mark.django_db(transaction=True)
def test_two_folders_at_once_fold_each_delta_once_and_readers_never_miss_one(cast: Cast) -> None:
    district, grid = cast.areas["district"], cast.areas["grid"]
    Delta.objects.bulk_create(
        Delta(area=grid, kind="incident", before="", after="open", day=DAY + timedelta(days=n % 40))
        for n in range(400)
    )
    seen: list[int] = []
    folded = in_threads(
        lambda: fold(limit=7),
        lambda: fold(limit=11),
        lambda: seen.extend(count(district, "open") for _ in range(40)),
    )
    fold()
    assert set(seen) == {400}
    assert count(district, "open") == 400 == count(district, "new")
    assert Delta.objects.count() == 0
    assert (folded[0] or 0) + (folded[1] or 0) <= 400
    row = Rollup.objects.get(area=district, counts="open", day=DAY, organisation_id=ALL)
    assert row.n == 10


@pytest.mark.django_db
def test_a_read_is_one_statement(cast: Cast, django_assert_num_queries) -> None:
    cast.snap()
    with django_assert_num_queries(1):
        count(cast.areas["district"], "open")
    assert connection.vendor in ("sqlite", "postgresql")
