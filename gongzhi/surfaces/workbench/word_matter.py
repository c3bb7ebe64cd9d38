"""A matter as a Word file: what the printed sheet says, in the same order, with the code that proves it."""

from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import desk_matter
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.word import TYPE, Paper

__all__ = ["TYPE", "document"]
PICTURES, WIDE = 6, 8.0  # photos in the file at most, centimetres
REPLIES = ("reply", "answer", "self_handle")


def document(sheet: Sheet, kind: str, address: str, foot: str, *, by: Acting, at: datetime) -> bytes:
    """The file. ``address``: where the code leads; ``foot``: who made it, when, what for. Read in full by now."""
    matter = sheet.matter
    paper = Paper(matter.title)
    paper.line(f"编号 {matter.number}，{sheet.stage.label}，事项单")
    paper.code(address, f"扫码核对台账，或打开 {address}")
    paper.table(("", "", "", ""), _facts(sheet, kind))
    paper.head("诉求")
    said = f"反映人要求保密。{sheet.summary}" if sheet.sealed else sheet.own_words or "没有写文字。"
    paper.line(said)
    _pictures(paper, sheet, by, at)
    paper.head("办理轨迹")
    rows = [
        (str(one.seq), f"{localtime(one.at):%Y-%m-%d %H:%M}", one.who, one.sentence, one.short)
        for one in sheet.lines[::-1]
    ]
    paper.table(("笔", "时间", "谁", "做了什么", "校验"), rows)
    for one in [line for line in sheet.lines if line.verb in REPLIES][:1]:
        paper.head("给居民的答复")
        for label, text in one.words:
            paper.line(f"{label}：{text}")
    paper.line(f"存成 Word：{foot}。存出去以后改动的，扫码看不出来，以平台上的为准。", size=9)
    return paper.body()


def _facts(sheet: Sheet, kind: str) -> list[tuple[str, str, str, str]]:
    matter = sheet.matter
    below = [one.name for one in sheet.areas.values() if one.level not in ("city", "district")]
    return [
        ("地点", matter.place, "类别", kind),
        ("辖区", " ".join(below), "上报", f"{localtime(matter.opened_at):%Y-%m-%d %H:%M}"),
        (
            "反映人",
            sheet.contact.masked or sheet.contact.sentence,
            "承办单位",
            sheet.holder or "还没有派",
        ),
    ]


def _pictures(paper: Paper, sheet: Sheet, by: Acting, at: datetime) -> None:
    """The photos this hand may see, small: of the report and of the work."""
    for one in [*sheet.photos, *sheet.after_photos][:PICTURES]:
        found = desk_matter.attachment(one.pk, by=by, at=at, small=True)
        if found is not None:
            paper.picture(str(found[1]), WIDE)
