"""The patrol pages: walking on the phone, planning at the desk, the figure with its list; who finds them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.patrols.models import Point, Stop
from gongzhi.kernel.models import Entry, Matter
from gongzhi.surfaces.workbench.keeping import HEADER
from tests.cast import Cast, fresh, key
from tests.kernel.test_budgets import calendar_in_hand
from tests.patrols.walks import NAME, route, walk
from tests.stories.eyes import Eye
from tests.workbench.sitting import Clock, Desk, Sit, hour, sit

__all__ = ["calendar_in_hand", "hour", "sit"]
pytestmark = pytest.mark.django_db
DATA = {"HTTP_ACCEPT": "application/json"}
READS = ("worker", "part_timer", "desk", "secretary", "street_desk", "dispatcher", "street_leader")
NOT_THEIRS = ("neighbour", "other_desk", "private_officer", "works", "centre", "outsider")


@pytest.fixture(autouse=True)
def nine(hour: Clock) -> None:
    hour.set("2026-11-20 09:30")


def post(desk: Desk, path: str, **said: Any) -> Any:
    return desk.client.post(f"/desk/patrol/{path}", said)


def laid_out(cast: Cast, **more: str) -> dict[str, str]:
    house = str(cast.areas["building"].pk)
    said = {
        "grid": str(cast.areas["grid"].pk),
        "route_name": NAME,
        "first_day": "2026-11-20",
        "days": "1",
        "label_1": "3 号楼前消火栓",
        "look_1": "hydrant",
        "where_1": house,
        "at_1": "",
        "label_2": "",
        "look_2": "hydrant",
        "where_2": house,
        "at_2": "",
    }
    return {**said, **more}


class TestWhoFindsIt:
    @pytest.mark.parametrize("name", READS)
    def test_the_grid_its_community_and_its_street(self, cast: Cast, name: str) -> None:
        matter, eye = walk(cast), Eye(cast, name)
        assert NAME in eye.page("/desk/patrol/") and NAME in eye.page(f"/desk/patrol/{matter.pk}/")

    @pytest.mark.parametrize("name", NOT_THEIRS)
    def test_nobody_else_on_any_page(self, cast: Cast, name: str) -> None:
        matter, eye = walk(cast), Eye(cast, name)
        laid = Matter.objects.get(kind="patrol_route")
        own = ("patrol/", "patrol/?tab=past", f"patrol/{matter.pk}/", "patrol/share/", f"m/{matter.pk}/")
        plan = ("patrol/routes/", f"patrol/routes/{laid.pk}/", f"m/{laid.pk}/")
        lists = ("", "?tab=late", "all/", "all/?q=北院", "inbox/")
        found = " ".join(eye.page(f"/desk/{one}") for one in (*own, *plan, *lists))
        found += eye.machine.get("/matters").content.decode()
        assert NAME not in found and matter.number not in found and "3 号楼前消火栓" not in found
        sent = eye.client.post(f"/desk/patrol/{matter.pk}/do/clear/", {"stops": "1"})
        assert sent.status_code in (403, 404)
        assert Stop.objects.filter(result="clear").count() == 0

    def test_part_timers_see_the_walk_and_no_word_of_a_matter_that_is_not_theirs(self, cast: Cast) -> None:
        matter = walk(cast)
        lamp = cast.snap("郝建设不管事", category="property_service", about=("property_company",)).matter
        Stop.objects.filter(patrol=matter.pk, n=1).update(result="found", found=lamp)
        page = Eye(cast, "part_timer").page(f"/desk/patrol/{matter.pk}/")
        assert NAME in page and lamp.number not in page and "发现问题" in page

    def test_routes_are_the_desks(self, cast: Cast) -> None:
        laid = route(cast)
        assert NAME in Eye(cast, "desk").page("/desk/patrol/routes/")
        for name in ("worker", "part_timer", "street_leader"):
            eye = Eye(cast, name)
            assert eye.client.get("/desk/patrol/routes/").status_code == 403
            assert eye.client.get(f"/desk/patrol/routes/{laid.pk}/").status_code == 404


class TestWalking:
    def test_one_tap_for_the_rest_and_the_walk_is_over(self, cast: Cast, sit: Sit) -> None:
        matter, worker = walk(cast), sit("worker")
        page = worker.page(f"patrol/{matter.pk}/")
        assert "这 3 处都没问题" in page and 'value="1,2,3"' in page and "<svg viewBox" in page
        assert post(worker, f"{matter.pk}/do/clear/", stops="1", key=key()).status_code == 302
        assert "其余 2 处都没问题" in worker.page(f"patrol/{matter.pk}/")
        post(worker, f"{matter.pk}/do/clear/", stops="2,3", key=key())
        post(worker, f"{matter.pk}/do/finish/", key=key(), seen=str(fresh(matter).seq))
        assert fresh(matter).stage == "done"
        assert NAME in worker.page("patrol/?tab=past") and NAME not in worker.page("patrol/")

    def test_points_left_out_are_asked_for_their_reason_and_nothing_is_lost(
        self, cast: Cast, sit: Sit
    ) -> None:
        matter, worker = walk(cast), sit("worker")
        post(worker, f"{matter.pk}/do/clear/", stops="1", key=key())
        answer = post(worker, f"{matter.pk}/do/finish/", key=key(), note="二单元锁着")
        text = answer.content.decode()
        assert answer.status_code == 409 and "还有 2 处没看" in text and "二单元锁着" in text
        empty = post(worker, f"{matter.pk}/do/miss/", key=key(), note="下大雪")
        assert empty.status_code == 422 and "为什么没巡" in empty.content.decode()

    def test_something_found_opens_the_report_there_and_is_tied_to_the_point(
        self, cast: Cast, sit: Sit
    ) -> None:
        matter, worker = walk(cast), sit("worker")
        address = f"/desk/report/?way=patrol&stop={matter.pk}-3"
        form = worker.client.get(address).content.decode()
        assert "北门消防通道" in form and f'value="{matter.pk}-3"' in form
        said = {
            "way": "patrol",
            "stop": f"{matter.pk}-3",
            "words": "通道堆了旧家具",
            "place": "北门消防通道",
            "key": key(),
        }
        for _ in range(2):  # the answer was lost and the phone sends it again
            told = worker.client.post("/desk/report/", said, **DATA).json()
            assert told["state"] == "done" and told["to"] == f"/desk/patrol/{matter.pk}/"
        found = Matter.objects.get(kind="incident")
        stop = Stop.objects.get(patrol=matter.pk, n=3)
        assert (found.source, found.point_source, found.lat) == ("patrol", "patrol", 40.951)
        assert (stop.result, stop.found_id) == ("found", found.pk)
        assert Entry.objects.filter(matter=matter, verb="found").count() == 1
        assert found.number in worker.page(f"patrol/{matter.pk}/")

    def test_a_point_of_a_walk_that_is_not_ones_own_is_no_point(self, cast: Cast, sit: Sit) -> None:
        matter, neighbour = walk(cast), sit("neighbour")
        form = neighbour.client.get(f"/desk/report/?way=patrol&stop={matter.pk}-3").content.decode()
        assert "北门消防通道" not in form
        said = {"way": "patrol", "stop": f"{matter.pk}-3", "words": "井盖松了", "key": key()}
        assert neighbour.client.post("/desk/report/", said, **DATA).json()["state"] == "done"
        assert Stop.objects.get(patrol=matter.pk, n=3).result == ""

    def test_what_was_done_without_signal_comes_in_once_in_its_order(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        matter, worker = walk(cast), sit("worker")
        hour.set("2026-11-20 17:00")
        seen, base = str(fresh(matter).seq), f"/desk/patrol/{matter.pk}/do/"
        queue: list[tuple[str, dict[str, str]]] = [
            ("clear", {"stops": "2", "key": key()}),
            ("clear", {"stops": "1,2,3", "key": key()}),
            ("finish", {"seen": seen, "key": key()}),
        ]
        for _ in range(2):
            for act, said in queue:
                told = worker.client.post(
                    f"{base}{act}/", {**said, "happened": "2026-11-20T02:10:00Z"}, **DATA
                )
                assert told.json()["state"] == "done", told.content.decode()
        verbs = list(Entry.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True))
        assert verbs == ["open", "clear", "clear", "finish"]

    def test_the_phone_may_keep_what_is_due_and_nothing_else(self, cast: Cast, sit: Sit) -> None:
        matter, worker = walk(cast), sit("worker")
        kept = {
            path: worker.client.get(f"/desk/{path}").headers.get(HEADER, "")
            for path in (
                "patrol/",
                f"patrol/{matter.pk}/",
                "patrol/?tab=past",
                "patrol/share/",
                "patrol/share/list/",
            )
        }
        assert [bool(one) for one in kept.values()] == [True, True, False, False, False]

    def test_a_patrol_stands_on_the_list_of_the_grid_and_leads_to_its_own_page(
        self, cast: Cast, sit: Sit
    ) -> None:
        matter = walk(cast)
        page = sit("worker").page()
        assert f'href="/desk/patrol/{matter.pk}/"' in page and NAME in page
        assert sit("desk").client.get(f"/desk/m/{matter.pk}/").url == f"/desk/patrol/{matter.pk}/"


class TestPlanning:
    def test_a_route_is_laid_changed_walked_now_and_ended(self, cast: Cast, sit: Sit) -> None:
        desk = sit("desk")
        assert "在哪个网格" in desk.page("patrol/routes/new/")
        said = laid_out(cast, weekdays="5", key=key())
        assert post(desk, "routes/new/", **said).status_code == 302
        laid = Matter.objects.get(kind="patrol_route")
        assert NAME in desk.page("patrol/routes/") and "每周五" in desk.page("patrol/routes/")
        more = {**said, "label_2": "后门井盖", "look_2": "manhole", "key": key(), "seen": str(laid.seq)}
        assert post(desk, f"routes/{laid.pk}/", **more).status_code == 302
        assert list(Point.objects.order_by("n").values_list("label", flat=True)) == [
            "3 号楼前消火栓",
            "后门井盖",
        ]
        assert post(desk, f"routes/{laid.pk}/do/set_out/", key=key()).status_code == 302
        assert post(desk, f"routes/{laid.pk}/do/retire/", key=key()).status_code == 302
        assert fresh(laid).stage == "ended" and NAME not in desk.page("patrol/routes/")

    def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
        self, cast: Cast, sit: Sit
    ) -> None:
        desk = sit("desk")
        answer = post(desk, "routes/new/", **laid_out(cast, route_name="", first_day="", key=key()))
        text = answer.content.decode()
        assert answer.status_code == 422 and "给路线起个名字" in text and "选从哪天起" in text
        assert 'value="3 号楼前消火栓"' in text
        empty = post(desk, "routes/new/", **laid_out(cast, label_1="", key=key()))
        assert empty.status_code == 422 and "至少写一处" in empty.content.decode()

    def test_a_tap_on_the_map_gives_a_point_its_place_without_a_script(self, cast: Cast, sit: Sit) -> None:
        desk, grid = sit("desk"), cast.areas["grid"]
        said = laid_out(cast, place="1", key=key()) | {"spot.x": "170", "spot.y": "110"}
        text = post(desk, "routes/new/", **said).content.decode()
        assert "在图上" in text and 'value="3 号楼前消火栓"' in text
        picture = desk.client.get(f"/desk/patrol/grid/{grid.pk}/map.svg?dots=1:40.95,117.75")
        assert picture.headers["Content-Type"] == "image/svg+xml" and "<circle" in picture.content.decode()
        assert sit("other_desk").client.get(f"/desk/patrol/grid/{grid.pk}/map.svg").status_code == 404
        for broken in ({"spot.x": "99999", "spot.y": "1"}, {"spot.x": "a", "spot.y": ""}, {"at_1": "north"}):
            assert (
                post(desk, "routes/new/", **laid_out(cast, key=key()) | {"spot.x": "1"} | broken).status_code
                == 200
            )

    def test_more_lines_up_to_forty(self, cast: Cast, sit: Sit) -> None:
        text = post(sit("desk"), "routes/new/", **laid_out(cast, more="1", key=key())).content.decode()
        assert "label_7" in text and "label_41" not in text


class TestFigures:
    def test_the_share_found_by_patrol_and_the_list_behind_it(self, cast: Cast, sit: Sit) -> None:
        matter, worker = walk(cast), sit("worker")
        cast.snap("3 号楼路灯不亮")
        cast.snap("别处的路灯不亮", area=cast.areas["next_grid"])
        said = {"way": "patrol", "stop": f"{matter.pk}-1", "words": "消火栓漏水", "key": key()}
        worker.client.post("/desk/report/", said, **DATA)
        post(worker, f"{matter.pk}/do/finish/", key=key(), left_reason="weather")
        desk = sit("desk")
        text = desk.page("patrol/share/")
        assert "3 件" in text and "1 件" in text and "3 处看了 1 处" in text
        assert desk.page("patrol/share/list/").count('class="item"') == 1
        behind = desk.page(f"patrol/share/list/?which=all&area={cast.areas['grid'].pk}")
        assert behind.count('class="item"') == 2
        assert "周海燕" not in text.split('class="work"')[1], "no figure names a person"

    def test_who_is_complained_of_is_in_no_number(self, cast: Cast, sit: Sit) -> None:
        cast.snap("居委会不公开账目", category="staff_attitude", about=("community",))
        assert "0 件" in sit("desk").page("patrol/share/")
        assert "报了 0 件" in sit("worker").page("patrol/share/")

    def test_lists_and_figures_cost_the_same_however_many_there_are(self, cast: Cast, sit: Sit) -> None:
        desk = sit("desk")
        counted = []
        for _ in range(2):
            for _ in range(4):
                walk(cast)
            paths = (
                "patrol/",
                "patrol/?tab=past",
                "patrol/routes/",
                "patrol/share/",
                "patrol/share/list/?which=all",
            )
            spent = []
            for path in paths:
                desk.page(path)
                with CaptureQueriesContext(
                    connection,
                ) as found:
                    desk.page(path)
                spent.append(len([one for one in found if "SAVEPOINT" not in one["sql"]]))
            counted.append(spent)
        assert counted[0] == counted[1] and max(counted[1]) <= 8, counted
