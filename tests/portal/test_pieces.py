"""The shared pieces: marks, lights, moments and figures say what they mean in words."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from gongzhi.kernel.clock.calendar import calendar_from_pack
from gongzhi.surfaces import lights, marks
from gongzhi.surfaces.fields import Choice, Field, bind
from gongzhi.surfaces.templatetags import house

HOME = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


def drawn(source, **said):
    return Template("{% load house %}" + source).render(Context(said))


def test_a_small_denominator_gets_no_percentage():
    assert "88.2" in drawn('{% figure "满意率" 268 304 "件接通回访" %}')
    few = drawn('{% figure "满意率" 7 9 "件" %}')
    assert "不足 30 件，不算百分比" in few and "%</small>" not in few


def test_every_mark_has_a_word_beside_its_glyph():
    for kind in marks.BY_TAG:
        assert "待签收</span>" in house.tag("待签收", kind)


def test_moments_speak_to_their_reader():
    said = {"at": at("2026-11-27 10:26"), "now": at("2026-11-23 15:00")}
    assert "11 月 27 日（周五）10:26 前" in drawn('{% moment at " 前" %}', **said)
    assert "11 月 27 日（周五）上午<" in drawn('{% moment at " 前" %}', elder=True, **said)
    assert "11-27（周五）10:26" in drawn("{% moment at %}", surface="desk", **said)
    assert "今天 09:31" in drawn("{% stamp at %}", at=at("2026-11-23 09:31"), now=said["now"])


def test_numbers_keep_their_units():
    assert house.keep("原定 11 月 25 日，晚 2 个工作日").count("nowrap") == 2
    assert house.keep("<b>1 件</b>").startswith("&lt;b&gt;")
    assert house.digits("123456789012") == "1234 5678 9012"


def test_a_field_finds_its_shape():
    shapes = {
        "words": "textarea", "photos": "photos", "bool": "bool", "date": "date", "choices": "checks", "text": "text",
    }  # fmt: skip
    assert {kind: Field("x", "x", kind).shape for kind in shapes} == shapes
    few = [Choice("a", "网格当场办"), Choice("b", "社区办")]
    assert Field("x", "x", "choice", choices=few).shape == "chips"
    assert Field("x", "x", "choice", choices=few * 4).shape == "select"


def test_an_error_stands_under_its_field_and_what_was_typed_stays():
    one = bind(
        [{"name": "phone", "label": "手机号", "type": "phone"}], {"phone": "138"}, {"phone": "少了 8 位。"}
    )[0]
    page = drawn("{% field one %}", one=one)
    assert 'value="138"' in page and 'id="f-phone-error">少了 8 位。' in page and "可以不写" in page


LIT = {"2026-11-23 10:00": "normal", "2026-11-25 09:30": "due_soon", "2026-11-26 09:30": "overdue"}


@pytest.mark.parametrize(("now", "kind"), LIT.items())
def test_a_light_is_shape_and_words(now, kind):
    since, due = at("2026-11-20 10:26"), at("2026-11-25 10:26")
    wait = SimpleNamespace(term="3wd", since=since, due_at=due, provisional=False, ended_at=None)
    light = lights.of(wait, at(now), calendar_from_pack("cn"))
    assert light.kind == kind and light.words and 0 <= light.share <= 100


def test_a_day_is_said_plainly():
    assert "12 月 3 日" in drawn("{% day at %}", at=date(2026, 12, 3))
