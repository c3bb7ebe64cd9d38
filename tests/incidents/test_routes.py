"""Who a matter goes to, and who may send it there: the three levels and their doors, without a database."""

from dataclasses import fields
from datetime import UTC, date, datetime
from inspect import signature

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.domains.incidents import routes
from gongzhi.kernel import packs

PACK = packs.load("shuangluan")
LEAVES = PACK.table("categories")["leaf"]
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Shanghai
NIGHT = datetime(2026, 11, 18, 15, tzinfo=UTC)  # 23:00
HERE = ("130803", "130803001", "130803001001")


def test_a_lamp_goes_to_the_unit_that_keeps_lamps_and_says_why():
    found = routes.route("lamp", HERE, NOON, PACK)
    assert (found.unit, found.level, found.line) == ("municipal_works", "district", "district_departments")
    assert found.reason == "“路灯不亮”由区市政设施管护中心负责"


def test_the_hour_changes_the_unit():
    assert routes.route("noise_square", HERE, NOON, PACK).unit == "street_peace"
    night = routes.route("noise_square", HERE, NIGHT, PACK)
    assert night.unit == "police" and "22点" in night.reason


def test_the_season_changes_the_unit():
    july = datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert routes.route("heating", HERE, NOON, PACK).unit == "heat"
    assert routes.route("heating", HERE, july, PACK).unit == "housing"


def test_a_kind_settled_elsewhere_has_no_unit_here():
    assert routes.route("wages", HERE, NOON, PACK).unit == ""


def test_an_unknown_kind_is_said_so():
    with pytest.raises(LookupError, match="没有“moon”这个类别"):
        routes.route("moon", HERE, NOON, PACK)


@given(st.sampled_from(list(LEAVES)), st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))
def test_every_kind_finds_a_unit_the_place_has_at_every_hour(leaf, at):
    found = routes.route(leaf, HERE, at.replace(tzinfo=UTC), PACK)
    assert found.reason
    if LEAVES[leaf].get("exit") and not found.unit:
        return
    assert found.unit in PACK.get("organisations.organisation")
    assert found.line, f"{leaf} goes to {found.unit}, but no order line leads there"


@pytest.mark.parametrize(
    ("kind", "level", "to"),
    [
        ("committee", "community", "property_company"),
        ("committee", "community", "owners_committee"),
        ("street_office", "street", "team"),
        ("street_office", "street", "committee"),
        ("district_centre", "district", "department"),
        ("district_centre", "district", "street_office"),
        ("district_centre", "district", "utility"),
    ],
)
def test_lines_that_exist(kind, level, to):
    assert routes.may_order(kind, level, to, PACK)


@pytest.mark.parametrize(
    ("kind", "level", "to", "door"),
    [
        ("committee", "grid", "department", "报社区受理台"),
        ("committee", "grid", "property_company", "报社区受理台"),
        ("committee", "community", "department", "请报街道"),
        ("committee", "community", "utility", "请报街道"),
        ("committee", "community", "street_office", "上报街道"),
        ("street_office", "street", "department", "请报区指挥中心"),
        ("street_office", "street", "utility", "请报区指挥中心"),
        ("district_centre", "district", "committee", "请派给街道"),
        ("district_centre", "district", "property_company", "请派给街道"),
        ("department", "organisation", "street_office", "派遣关系"),
        ("property_company", "organisation", "committee", "派遣关系"),
        ("property_company", "community", "committee", "派遣关系"),
        ("department", "district", "street_office", "派遣关系"),
    ],
)
def test_a_line_that_does_not_exist_is_refused_with_the_right_door(kind, level, to, door):
    answer = routes.may_order(kind, level, to, PACK)
    assert not answer and door in answer.reason


def test_property_may_be_asked_but_not_ordered():
    assert routes.order_line("community", "property_company", PACK).manner == "ask"


def test_a_utility_that_signed_is_ordered_one_that_did_not_is_asked():
    assert routes.order_line("district", "utility", PACK, signed=True).manner == "order"
    assert routes.order_line("district", "utility", PACK, signed=False).manner == "ask"


def test_no_dispatcher_and_no_clock_supervises():
    for row in PACK.table("order_lines")["line"].values():
        assert set(row["supervises"]) <= {"street_leader", "district_leader", "supervisor_post"}
    street_to_department = [
        row
        for row in PACK.table("order_lines")["line"].values()
        if row["from"] == "street" and "department" in row["to"]
    ]
    assert not street_to_department


@pytest.mark.parametrize(
    ("leaf", "law"),
    [("fire_passage", "消防"), ("ev_charging", "消防"), ("illegal_building", "执法"), ("lamp", "城市管理")],
)
def test_a_community_never_answers_for_these(leaf, law):
    answer = routes.community_may_answer(leaf, PACK)
    assert not answer and law in answer.reason and "第18条" in answer.rule


@pytest.mark.parametrize("leaf", ["leak_above", "quarrel", "elder_meal", "other", "pests"])
def test_a_community_answers_for_what_is_its_own(leaf):
    assert routes.community_may_answer(leaf, PACK)


def test_what_is_not_on_the_communitys_list_is_not_pushed_down():
    assert routes.may_order("street_office", "street", "committee", PACK, leaf="leak_above")
    answer = routes.may_order("street_office", "street", "committee", PACK, leaf="staff_attitude")
    assert not answer and "准入" in answer.reason


def test_what_was_taken_back_is_not_put_on_the_street():
    answer = routes.within_power("street_office", "lift", date(2026, 11, 21), PACK)
    assert not answer and "电梯安全监管" in answer.reason and "上级收回" in answer.reason
    assert routes.within_power("property_company", "lift", date(2026, 11, 21), PACK)
    assert routes.within_power("team", "illegal_building", date(2026, 11, 21), PACK)


def test_nothing_here_can_be_told_who_the_reporter_is():
    for name in ("route", "may_order", "community_may_answer", "within_power", "order_line"):
        asked = " ".join(signature(getattr(routes, name)).parameters)
        assert not any(word in asked for word in ("reporter", "person", "phone", "household"))
    assert [one.name for one in fields(routes.Route)] == ["unit", "level", "reason", "line"]
