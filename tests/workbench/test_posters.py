"""楼门码: printed by the desk over its own area, with office lines and no person's name; ended where it is lost."""

import pytest

from gongzhi.kernel.models import Place
from tests.cast import ROLES, Cast
from tests.workbench.sitting import Sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lines(cast: Cast) -> None:
    cast.organisations["committee"].phone = "0000-0000-001"
    cast.organisations["committee"].save(update_fields=["phone"])
    cast.areas["grid"].phone = "0000-0000-154"
    cast.areas["grid"].save(update_fields=["phone"])


@pytest.mark.parametrize("size", ["a4", "fridge"])
def test_a_sheet_has_the_place_the_code_and_the_office_lines(cast: Cast, sit: Sit, size: str) -> None:
    sheet = sit("desk").page(f"posters/print/?size={size}")
    for said in ("3 号楼", "柳岸社区", "LA3B 7K2M", "0000-0000-001", "0000-0000-154", "<svg", "不用它登记"):
        assert said in sheet, said
    assert not any(name in sheet for name, *_ in ROLES.values()), "no person stands on a door"


def test_the_code_leads_to_the_place_and_says_nothing_else(cast: Cast) -> None:
    from gongzhi.surfaces import posters, qr

    made = posters.posters(Place.objects.select_related("area"), "https://a.example/")[0]
    assert made.qr == qr.drawn("https://a.example/p/LA3B7K2M", error="q") and made.site == "a.example"


def test_a_lift_gets_a_code_and_a_bad_name_is_told(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    said = {"area": str(cast.areas["grid"].pk), "new_kind": "lift", "label": "2 单元电梯"}
    assert desk.status("posters/", said) == 302
    assert "2 单元电梯" in desk.page("posters/") and "2 单元电梯" in desk.page("posters/print/?kind=lift")
    answer = desk.client.post("/desk/posters/", {**said, "label": ""})
    assert answer.status_code == 422 and "1 到 60 个字" in answer.content.decode()


def test_a_lost_sheet_is_replaced(cast: Cast, sit: Sit) -> None:
    desk = sit("desk")
    assert "停用" in desk.page("posters/LA3B7K2M/end/")
    assert desk.status("posters/LA3B7K2M/end/", {}) == 422
    assert desk.status("posters/LA3B7K2M/end/", {"why": "lost"}) == 302
    assert "LA3B7K2M" not in desk.page("posters/") and Place.objects.filter(ended_at=None).count() == 1


def test_buildings_without_a_code_get_one_at_a_press(cast: Cast, sit: Sit) -> None:
    Place.objects.all().delete()
    desk = sit("street_desk")
    assert "有 1 栋楼还没有码" in desk.page("posters/")
    assert desk.status("posters/", {"area": str(cast.areas["street"].pk), "missing": "1"}) == 302
    assert Place.objects.get().label == "3 号楼"


@pytest.mark.parametrize("name", ["worker", "part_timer", "works", "outsider", "private_officer"])
def test_who_keeps_no_desk_prints_none(cast: Cast, sit: Sit, name: str) -> None:
    other = sit(name)
    assert other.status("posters/") == other.status("posters/print/") == other.status("posters/", {}) == 403
    assert other.status("posters/LA3B7K2M/end/", {"why": "gone"}) == 403
    assert "/desk/posters/" not in other.page("me/") and Place.objects.get().ended_at is None


def test_another_community_s_desk_finds_none_of_ours(cast: Cast, sit: Sit) -> None:
    other = sit("other_desk")
    assert "LA3B7K2M" not in other.page("posters/") and other.status("posters/print/") == 404
    assert other.status("posters/LA3B7K2M/end/", {"why": "gone"}) == 404
    page = other.page(f"posters/?area={cast.areas['community'].pk}")
    assert "LA3B7K2M" not in page
