"""Everybody who works here, taken in from one workbook: whole or not at all."""

import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from openpyxl import load_workbook

from gongzhi.kernel.models import Entry, Mandate, Organisation, Person
from gongzhi.kernel.people import secrets, sheets
from tests.site.roll_book import CODE, PEOPLE, UNITS, WHO, book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def counted():
    return [model.objects.count() for model in (Person, Mandate, Organisation, Entry)]


class TestPeople:
    def test_a_dry_run_writes_nothing(self, gongzhi, tmp_path):
        before = counted()
        status, said, _ = gongzhi("people", "import", book(tmp_path), "--dry-run", *WHO)
        assert (status, counted()) == (0, before)
        assert "2 个单位、3 个人、4 个任职" in said and "什么也没有写" in said

    def test_everything_stands_and_again_adds_nothing(self, gongzhi, tmp_path):
        status, said, _ = gongzhi("people", "import", book(tmp_path), *WHO)
        assert status == 0 and "加上了 2 个单位、3 个人、4 个任职" in said
        works = Organisation.objects.get(code=CODE)
        assert (works.kind, works.duty, works.phone) == ("department", "municipal_works", "12345")
        assert {area.name for area in works.serves.all()} == {"东门街道", "柳河镇"}
        worker = Mandate.objects.get(role="grid_worker")
        assert worker.organisation.kind == "committee" and worker.area.name == "第一网格"
        assert secrets.unseal(worker.person.phone_enc) == "13800000001"
        assert worker.person.phone_tag == secrets.tag("13800000001") and worker.phone == ""
        ends = timezone.localtime(Mandate.objects.get(role="community_secretary").until)
        assert f"{ends:%Y-%m-%d %H:%M}" == "2100-01-01 00:00"
        verbs = list(Entry.objects.filter(register="people").values_list("verb", "actor"))
        assert verbs == [("found", "operator:林工|试装"), ("appoint", "operator:林工|试装")]
        stood = counted()
        status, said, _ = gongzhi("people", "import", tmp_path / "名单.xlsx", *WHO)
        assert status == 0 and "什么也没有加" in said
        assert counted()[:3] == stood[:3] and Entry.objects.filter(register="people").count() == 2

    def test_first_passwords_are_printed_once_for_this_user_only(self, gongzhi, tmp_path):
        _, said, _ = gongzhi("people", "import", book(tmp_path), *WHO)
        path = Path(said.split("初始密码写在 ")[1].split("（")[0].strip())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        lines = [line.split("\t") for line in path.read_text().splitlines()[1:]]
        assert [line[1] for line in lines] == ["zhouhy", "sunlq", "zhoudy"]
        assert all(authenticate(username=login, password=password) for _, login, password in lines)
        assert all(password not in said for *_, password in lines)

    def test_a_failure_while_writing_leaves_nothing(self, gongzhi, tmp_path, monkeypatch):
        def full(*_, **__):
            raise OSError(28, "No space left on device", "gongzhi.sqlite3")

        before = counted()
        kept = set((secrets.keyring.private_folder("passwords")).iterdir())
        monkeypatch.setattr("gongzhi.kernel.ledger.staffing.appoint", full)
        status, _, _ = gongzhi("people", "import", book(tmp_path), *WHO)
        assert (status, counted()) == (1, before)
        assert set((secrets.keyring.private_folder("passwords")).iterdir()) == kept

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({3: "网格王"}, "第 3 行：没有“网格王”这个职务"),
            ({4: "月球社区"}, "第 3 行：没有叫“月球社区”的辖区"),
            ({4: "东园社区"}, "第 3 行：“网格员”的辖区要写到网格"),
            ({4: ""}, "第 3 行：“网格员”要写辖区（网格）"),
            ({5: "区月球局"}, "第 3 行：没有叫“区月球局”的单位"),
            ({2: "1380000"}, "第 3 行：手机号“1380000”不对。少了 4 位"),
            ({2: "0314-5550101"}, "是座机，这里要写手机号"),
            ({2: "13800000002"}, "第 4 行：手机号和第 3 行“zhouhy”的一样"),
            ({1: "sunlq"}, "第 4 行：登录名“sunlq”第 3 行已经用了，姓名不一样"),
            ({6: "去年"}, "第 3 行：起“去年”不是日子"),
            ({7: "2025-01-01"}, "止（2025-01-01）比起（2026-01-01）还早"),
            ({0: "林工"}, "林工不能给自己授权"),
            ({0: ""}, "第 3 行：没有写姓名"),
        ],
    )
    def test_a_wrong_row_is_told_and_nothing_is_written(self, gongzhi, tmp_path, changed, sentence):
        first = [changed.get(number, cell) for number, cell in enumerate(PEOPLE[0])]
        before = counted()
        status, _, said = gongzhi("people", "import", book(tmp_path, [first, *PEOPLE[1:]]), *WHO)
        assert (status, counted()) == (1, before)
        assert sentence in said

    def test_all_faults_are_told_at_once(self, gongzhi, tmp_path):
        bad = [["甲", "a", "1", "没有", "x", "y", "z", ""], ["乙", "b", "2", "没有", "x", "y", "z", ""]]
        _, _, said = gongzhi("people", "import", book(tmp_path, bad), *WHO)
        assert said.count("第 3 行") == said.count("第 4 行") == 5

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({7: CODE[:-1] + ("0" if CODE[-1] != "0" else "1")}, "对不上校验位"),
            ({7: "123"}, "统一社会信用代码是 18 位，这里有 3 位"),
            ({2: "公司"}, "没有“公司”这个类别"),
            ({2: "物业公司"}, "类别和职责对不上：“municipal_works”的类别是“部门”"),
            ({6: "999"}, "电话“999”不对"),
            ({5: "东门街道、火星"}, "没有叫“火星”的辖区"),
            ({4: ""}, "没有写辖区"),
            ({0: "东园社区居民委员会", 4: "东园社区", 7: ""}, "前面已经有一行了"),
        ],
    )
    def test_a_wrong_organisation_is_told_once(self, gongzhi, tmp_path, changed, sentence):
        second = [changed.get(number, cell) for number, cell in enumerate(UNITS[1])]
        status, _, said = gongzhi("people", "import", book(tmp_path, units=[UNITS[0], second]), *WHO)
        assert (status, Organisation.objects.count()) == (1, 0)
        assert "“单位”第 4 行：" in said and sentence in said

    def test_a_missing_column_is_named(self, gongzhi, tmp_path):
        status, _, said = gongzhi("people", "import", book(tmp_path, without="手机号"), *WHO)
        assert status == 1 and "工作表“人员任职”缺一列“手机号”。" in said

    def test_what_is_no_workbook_is_told(self, gongzhi, tmp_path):
        (tmp_path / "a.xlsx").write_text("姓名,登录名")
        _, _, said = gongzhi("people", "import", tmp_path / "a.xlsx", *WHO)
        assert "不是 Excel 文件" in said
        assert "没有文件" in gongzhi("people", "import", tmp_path / "b.xlsx", *WHO)[2]

    def test_the_three_administrators_are_three_persons(self, gongzhi, tmp_path):
        admin = ["秦某", "qin", "13800000009", "系统管理员", "试验区", "市政", "2026-01-01", ""]
        both = [admin, [*admin[:3], "安全管理员", *admin[4:]]]
        _, _, said = gongzhi("people", "import", book(tmp_path, both), *WHO)
        assert "第 3 行：秦某不能同时担任" in said and "第 4 行：秦某不能同时担任" in said
        assert not Person.objects.exists()
        assert gongzhi("people", "import", book(tmp_path, [admin]), *WHO)[0] == 0
        admin[3] = "审计管理员"
        _, _, said = gongzhi("people", "import", book(tmp_path, [admin], []), *WHO)
        assert "第 3 行：秦某不能同时担任审计管理员和系统管理员" in said
        admin[1] = "qin2"
        _, _, said = gongzhi("people", "import", book(tmp_path, [admin], []), *WHO)
        assert "手机号和系统里“qin”的一样" in said

    def test_private_kinds_need_a_second_hand(self, gongzhi, tmp_path):
        officer = ["姜某", "jiang", "13800000008", "街道专办员", "东门街道", "市政", "2026-01-01", ""]
        path = book(tmp_path, [officer])
        assert "--second" in gongzhi("people", "import", path, *WHO)[2]
        assert "--second" in gongzhi("people", "import", path, *WHO, "--second", "林工")[2]
        assert gongzhi("people", "import", path, *WHO, "--second", "谢某")[0] == 0
        assert json.loads(Entry.objects.get(verb="appoint").facts)["second"] == "谢某"

    def test_the_template_is_empty_and_can_be_imported(self, gongzhi, tmp_path):
        path = tmp_path / "空表.xlsx"
        assert gongzhi("people", "template", path)[0] == 0
        assert load_workbook(path).sheetnames == [sheets.PEOPLE, sheets.UNITS, sheets.WORDING]
        assert gongzhi("people", "import", path, *WHO)[0] == 0 and not Person.objects.exists()
        assert "已经有了" in gongzhi("people", "template", path)[2]
