"""A workbook as a district fills it in."""

from pathlib import Path

from openpyxl import Workbook

from gongzhi.kernel.people import credit_code, sheets

WHO = ("--as", "林工", "--reason", "试装")
CODE = "9113080300000001A"
CODE += credit_code.check_sign(CODE)
UNITS = [
    [
        "东园社区居民委员会",
        "东园居委会",
        "",
        "社区居民委员会、村民委员会",
        "东园社区",
        "",
        "0314-5550101",
        "",
    ],
    ["区市政中心", "市政", "部门", "municipal_works", "999903", "东门街道、柳河镇", "12345", CODE],
]
PEOPLE = [
    ["周海燕", "zhouhy", 13800000001, "网格员", "东门街道/东园社区/第一网格", "东园居委会", "2026-01-01", ""],
    ["孙立群", "sunlq", "138 0000 0002", "社区受理台", "东园社区", "东园社区居民委员会", "2026年1月1日", ""],
    [
        "孙立群",
        "sunlq",
        "13800000002",
        "community_secretary",
        "东园社区",
        "东园居委会",
        "2026/1/1",
        "2099-12-31",
    ],
    ["周大勇", "zhoudy", "13800000003", "单位联络员", "", CODE, "20260101", ""],
]


def book(folder: Path, people=PEOPLE, units=UNITS, without="") -> Path:
    made = Workbook()
    made.remove(made.active)
    for title, rows in ((sheets.PEOPLE, people), (sheets.UNITS, units)):
        sheet = made.create_sheet(title)
        columns = sheets.COLUMNS[title]
        for line in (list(columns), list(columns.values()), *rows):
            sheet.append([cell for cell, column in zip(line, columns, strict=True) if column != without])
    made.save(folder / "名单.xlsx")
    return folder / "名单.xlsx"
