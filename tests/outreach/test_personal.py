"""What must not stand on a public page is found however it is written."""

import pytest

from gongzhi.kernel.people.personal import identity_numbers, mobile_numbers


@pytest.mark.parametrize(
    "said", ["13812341234", "138 1234 1234", "138-1234-1234", "+86 13812341234", "打1381234 1234"]
)
def test_a_mobile_number_is_found_however_it_is_written(said: str) -> None:
    assert mobile_numbers(f"找老王{said}，随时。") == ["13812341234"]


@pytest.mark.parametrize(
    "said", ["0314-0000-001", "12345", "9001", "2026 年 11 月 23 日 8:00", "编号 202611210001"]
)
def test_an_office_line_a_day_and_a_number_are_none(said: str) -> None:
    assert mobile_numbers(f"请打 {said}。") == []


def test_a_mobile_number_that_is_the_office_line_is_no_fault() -> None:
    assert mobile_numbers("值班 138 1234 1234", ["13812341234"]) == []


def test_an_identity_number_is_found_and_is_no_mobile_number() -> None:
    text = "请 130803195001011234 的家属来一趟"
    assert identity_numbers(text) == ["130803195001011234"] and mobile_numbers(text) == []
