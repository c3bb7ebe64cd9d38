"""A district begins: outlines, grids, the year's calendar, keys for other systems."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from shapely.geometry import mapping

from gongzhi.kernel.clock import calendar
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.models import Area, CalendarYear, Entry, Mandate, Person, Token
from gongzhi.kernel.people import tokens
from tests.kernel.small_place import shape
from tests.site.roll_book import WHO, book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


class TestPlace:
    def test_real_outlines_are_taken_in_under_the_operators_name(self, gongzhi, tmp_path, small):
        village = Area.objects.get(name="厂沟村")
        drawn = {"type": "Feature", "properties": {"name": "厂沟村"}, "geometry": mapping(shape(village))}
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [drawn]}))
        status, said, _ = gongzhi("place", "outlines", path, "--crs", "WGS-84", *WHO)
        village.refresh_from_db()
        assert status == 0 and not village.schematic and "换上了 1 个真实边界" in said
        sessions = Entry.objects.filter(
            register="access", verb="operator_session", actor="operator:林工|试装"
        )
        assert sessions.count() == 1
        assert "不认识坐标系" in gongzhi("place", "outlines", path, "--crs", "北京54", *WHO)[2]

    def test_grids_are_redrawn_from_a_day_on(self, gongzhi):
        first = timezone.localdate() + timedelta(days=3)
        status, said, _ = gongzhi("place", "redraw", "东园社区", "--grids", 4, "--from", first, *WHO)
        assert status == 0 and f"东园社区从 {first} 起划成 4 个网格" in said
        assert Area.objects.filter(valid_from=first, level="grid").count() == 4
        assert (
            "已经有一次重划" in gongzhi("place", "redraw", "东园社区", "--grids", 4, "--from", first, *WHO)[2]
        )
        assert "不是日子" in gongzhi("place", "redraw", "东园社区", "--grids", 4, "--from", "明天", *WHO)[2]

    def test_what_is_not_covered_is_listed(self, gongzhi, tmp_path):
        Area.objects.filter(name="御祥园社区").update(households=900)
        status, said, _ = gongzhi("place", "check")
        assert status == 1 and "厂沟村还没有居民委员会或村民委员会。" in said
        assert "御祥园社区按示意数有 900 户，少于 1500 户。" in said
        before = said.count("网格、") + said.count("没有网格员")
        gongzhi("people", "import", book(tmp_path), *WHO)
        said = gongzhi("place", "check")[1]
        assert "东园社区还没有" not in said and said.count("网格、") + said.count("没有网格员") == before - 1


class TestCalendar:
    def test_a_year_is_adopted_from_its_notice(self, gongzhi, tmp_path):
        path = tmp_path / "2027.csv"
        path.write_text(
            "日期,安排,名称\n2027-02-05..2027-02-11,放假,春节\n2027-02-20,上班,春节调休\n", "gb18030"
        )
        words = ("calendar", "adopt", 2027, "--file", path, "--source", "国办通知", "--pack", "cn", *WHO)
        status, said, _ = gongzhi(*words)
        calendar.forget()
        assert status == 0 and CalendarYear.objects.get().days.count() == 8
        assert registers.version("calendar") == 1 and "2027-02-20" in said

    @pytest.mark.parametrize(
        ("name", "text", "sentence"),
        [
            ("a.csv", "日期,名称\n", "缺一列“安排”。"),
            ("a.csv", "日期,安排,名称\n2027-02-30,放假,x\n", "“2027-02-30”不是日子"),
            ("a.csv", "日期,安排,名称\n2027-02-05,玩,x\n", "第 2 行：日期和安排"),
            ("a.csv", "日期,安排,名称\n2026-02-05,放假,x\n", "有一天不在这一年"),
            ("a.toml", "[off\n", "写得不对"),
            ("a.toml", "[rest]\n", "“rest”不认识"),
            ("a.toml", "", "一天也没有"),
        ],
    )
    def test_a_wrong_file_is_told(self, gongzhi, tmp_path, name, text, sentence):
        (tmp_path / name).write_text(text)
        words = ("--file", tmp_path / name, "--source", "国办通知", "--pack", "cn", *WHO)
        status, _, said = gongzhi("calendar", "adopt", 2027, *words)
        assert status == 1 and sentence in said and not CalendarYear.objects.exists()


class TestTokens:
    @pytest.fixture(autouse=True)
    def clerk(self):
        person = Person.objects.create_user("zhao", name="赵某")
        since = timezone.now() - timedelta(days=1)
        for role in ("hotline_clerk", "private_officer"):
            Mandate.objects.create(person=person, role=role, since=since)

    def give(self, gongzhi, mandate="zhao:hotline_clerk", verbs="report,read", until="2099-12-31"):
        words = ("--mandate", mandate, "--verbs", verbs, "--until", until, *WHO)
        return gongzhi("token", "new", "热线", *words)

    def test_given_once_and_taken_back(self, gongzhi):
        status, said, _ = self.give(gongzhi)
        text = said.splitlines()[-1]
        assert status == 0 and tokens.bearer(text, timezone.now()).may("report")
        assert "还在用" in self.give(gongzhi)[2]
        assert gongzhi("token", "end", "热线", *WHO)[0] == 0
        assert tokens.bearer(text, timezone.now()) is None
        verbs = list(Entry.objects.filter(register="access").order_by("seq").values_list("verb", flat=True))
        assert verbs == ["operator_session", "token_given", "operator_session", "token_ended"]
        assert "没有叫“热线”的令牌" in gongzhi("token", "end", "热线", *WHO)[2]

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"mandate": "nobody"}, "没有登录名是“nobody”的人"),
            ({"mandate": "zhao"}, "请写清是哪一个：zhao:hotline_clerk"),
            ({"mandate": "zhao:private_officer"}, "不发令牌"),
            ({"verbs": "fly"}, "没有“fly”这个动作"),
            ({"verbs": " , "}, "要写清令牌能做什么"),
            ({"until": "2020-01-01"}, "到期日 2020-01-01 已经过去"),
        ],
    )
    def test_what_cannot_be_given_is_told(self, gongzhi, changed, sentence):
        status, _, said = self.give(gongzhi, **changed)
        assert status == 1 and sentence in said and not Token.objects.exists()
