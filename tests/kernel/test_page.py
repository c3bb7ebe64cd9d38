"""A page of data: merged, compiled, checked; faults are sentences."""

from typing import Any

import pytest

from gongzhi.kernel import packs
from gongzhi.kernel.process.check import check
from gongzhi.kernel.process.page import compile_page, thaw

CN = packs.load("cn")


def page(**changed: Any) -> dict[str, Any]:
    raw = CN.process("incident")
    for dotted, value in changed.items():
        where, *way = dotted.split("__")
        place = raw
        for key in [where, *way][:-1]:
            place = place[key]
        place[[where, *way][-1]] = value
    return raw


@pytest.mark.parametrize("pack", ["cn", "shuangluan"])
def test_the_shipped_pages_have_no_fault(pack: str) -> None:
    shelf = packs.load(pack)
    assert [fault for name in shelf.processes for fault in check(shelf.process(name), shelf)] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"stage__lonely": {"label": "孤岛"}}, "没有一个动作能走到"),
        ({"action__sign_in__to": "nowhere"}, "没有定义"),
        ({"action__sign_in__by": ["king"]}, "角色表里没有"),
        ({"action__sign_in__needs": ["magic"]}, "没有这个条件"),
        ({"action__reply__opens": [{"wait": "check", "desk": "checker", "term": "check"}]}, "超期以后怎么办"),
        (
            {
                "action__reply__opens": [
                    {"wait": "check", "desk": "checker", "term": "3wd", "overdue": "remind"}
                ]
            },
            "没有来源",
        ),
        ({"action__supervise__by": ["clock"]}, "督办要有具名的人"),
        ({"action__sign_in__asks": ["blood_type"]}, "字段表里没有"),
        ({"wait__forgotten": {"label": "没人等"}}, "从来不会打开"),
        ({"start": "nowhere"}, "没有这个环节"),
    ],
)
def test_a_broken_page_is_explained_in_a_sentence(changed: dict[str, Any], said: str) -> None:
    faults = check(page(**changed), CN)
    assert any(said in fault for fault in faults), faults


def test_a_stored_page_thaws_to_the_same_process() -> None:
    process = compile_page(CN.process("incident"), CN)
    again = thaw(process.text, CN.process("incident")["sees"])
    assert again == process and again.digest == process.digest


def test_terms_are_read_as_written_by_name_or_from_the_category() -> None:
    process = compile_page(CN.process("incident"), CN)
    assert process.term("4wh") == "4wh"
    assert process.term("sign_in") == CN.get("terms.term.sign_in.length")
    assert process.term("@handle", "heating") == CN.get("categories.leaf.heating.terms.handle")
    assert process.term("@handle", "no such kind") == CN.get("terms.term.handle.length")
