"""Strangers' sheets: encodings that differ from row to row, formulas, what is no sheet; nothing is lost."""

from pathlib import Path

import pytest

from gongzhi.domains.incidents.outer import batches, work
from gongzhi.domains.incidents.outer.batches import file_of
from gongzhi.domains.incidents.outer.models import OuterBatch, OuterOrder
from gongzhi.domains.incidents.outer.sheet import Unreadable, encoding_of, form_of, read
from gongzhi.kernel.models import Entry, Matter, Receipt, Wait
from gongzhi.kernel.process.verdict import SayMore
from tests.cast import MORNING, Cast
from tests.outer.sheets import HEAD, book, carried, checked, row, text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_table_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text([row(1)], encoding=encoding))
    head, first = read(path, "csv")
    assert head.cells == HEAD and first.cells[3] == "3号楼东边的路灯三天不亮了" and not first.fault
    assert encoding_of(path) == encoding.removesuffix("-sig")


@pytest.mark.parametrize(("whole", "odd"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_row_in_another_encoding_is_a_fault_of_that_row(tmp_path: Path, whole: str, odd: str) -> None:
    path = tmp_path / "a.csv"
    lines = text([row(n) for n in range(3)], encoding=whole).splitlines(keepends=True)
    lines[2] = text([row(1)], encoding=odd).splitlines(keepends=True)[1]
    path.write_bytes(b"".join(lines))
    found = list(read(path, "csv"))
    assert [bool(one.fault) for one in found] == [False, False, True, False]
    assert found[2].number == 3 and "编码和别的行不一样" in found[2].fault and "HL00001" in found[2].cells


def test_what_is_no_sheet_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(Unreadable, match="读不出来"):
        list(read(path, "xlsx"))
    path.write_bytes("编号,内容".encode("utf-16"))
    with pytest.raises(Unreadable, match="UTF-16"):
        list(read(path, "csv"))
    for name in ("a.xls", "a.pdf", "工单"):
        with pytest.raises(Unreadable):
            form_of(name)


@pytest.mark.django_db
def test_faulty_rows_stay_out_with_their_reason_and_the_good_ones_come_in(cast: Cast) -> None:
    rows = [
        row(1),
        row(2, 联系电话="12"),
        row(3, 办结时限="下周吧"),
        row("", 诉求内容="没有编号"),
        row(5, 所属社区="望山社区"),
        row(6, 派单轮次="零"),
        row(7, 诉求内容=""),
        row(1, 诉求内容="同一个编号，另一件事"),
    ]
    batch = checked(text(rows), cast.centre())
    assert (batch.state, batch.added, batch.faults) == ("checked", 2, 6)
    told = file_of(batch, "faults").read_text()
    for said in (
        "少了 9 位",
        "看不懂",
        "没有写“工单编号”",
        "不是第几轮",
        "没有写“诉求内容”",
        "在第 2 行已经有了",
    ):
        assert said in told
    assert not Matter.objects.exists()
    assert carried(text(rows), cast.centre()).added == 2


@pytest.mark.django_db
def test_a_formula_in_a_cell_is_text_and_stays_text(cast: Cast) -> None:
    from gongzhi.surfaces.workbench.sheets import plain

    carried(text([row(1, 诉求内容='=HYPERLINK("http://x","点")', 渠道="@SUM(1)")]), cast.centre())
    words = Entry.objects.get(verb="take_over").words.text
    assert "=HYPERLINK" in words and plain('=HYPERLINK("http://x")').startswith("'")


@pytest.mark.django_db
def test_columns_nobody_knows_are_pointed_out_once_and_remembered(cast: Cast) -> None:
    head = ("流水", "说了啥", *HEAD[2:])
    rows = [["甲1", "路灯不亮", *row(1)[2:4], *row(1)[4:]]]
    batch = checked(text(rows, head), cast.centre())
    assert batch.state == "failed" and "“工单编号”" in batch.wrong
    by = cast.centre()
    with pytest.raises(SayMore):
        batches.map_columns(batch, {"number": "流水"}, by=by, at=MORNING)
    batches.map_columns(batch, {"number": "流水", "words": "说了啥"}, by=by, at=MORNING)
    work.work(MORNING)
    batch.refresh_from_db()
    assert (batch.state, batch.added) == ("checked", 1)
    assert checked(text(rows, head), by).state == "checked"


@pytest.mark.django_db
def test_secrecy_keeps_the_order_from_the_neighbourhood(cast: Cast) -> None:
    carried(text([row(1, 是否保密="是", 承办单位="区市政中心"), row(2)]), cast.centre())
    secret, plain = (OuterOrder.objects.get(number=f"HL0000{n}").matter for n in (1, 2))
    assert secret.restricted and secret.community_id is None and plain.community == cast.areas["community"]
    receipt = Receipt.objects.get(matter=secret)
    assert (receipt.who_may_see, receipt.told_by, receipt.tie.role) == ("sealed_from_grid", "none", "caller")
    assert "13812341234" not in "".join(Entry.objects.values_list("facts", flat=True))
    assert "13812341234" not in Entry.objects.get(matter=secret, verb__startswith="take_over").words.text


@pytest.mark.django_db
def test_a_changed_order_is_shown_and_decided_and_nothing_is_lost(cast: Cast) -> None:
    carried(text([row(1, 承办单位="区市政中心")]), cast.centre())
    lamp = OuterOrder.objects.get().matter
    changed = row(1, 承办单位="区市政中心", 诉求内容="其实是两盏灯", 办结时限="2026-11-26 16:00")
    assert carried(text([changed]), cast.centre()).changed == 1
    assert carried(text([changed]), cast.centre()).changed == 0
    wait = Wait.objects.get(matter=lamp, what="outer_changed", ended_at=None)
    assert wait.desk_org == cast.organisations["centre"]
    assert "其实是两盏灯" in Entry.objects.get(verb="outer_change").words.text
    assert (
        Matter.objects.get(pk=lamp.pk).promised_at == lamp.promised_at
    )  # theirs to say, a desk's to take up


@pytest.mark.django_db
def test_a_run_that_was_killed_goes_on_where_it_stood(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 2)
    batch = checked(book([row(n) for n in range(5)]), cast.centre(), name="a.xlsx")
    batches.confirm(batch, by=cast.centre(), at=MORNING)
    once, whole = [], work._carry_part

    def killed(*args: object) -> None:
        if once:
            raise KeyboardInterrupt
        once.append(1)
        whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "_carry_part", killed)
    with pytest.raises(KeyboardInterrupt):
        work.work(MORNING)
    assert Matter.objects.count() == 2
    monkeypatch.setattr(work, "_carry_part", whole)
    OuterBatch.objects.update(lease=None)
    work.work(MORNING)
    batch.refresh_from_db()
    assert (batch.state, batch.added, Matter.objects.count()) == ("done", 5, 5)
