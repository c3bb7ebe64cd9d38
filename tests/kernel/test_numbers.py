"""Short numbers come from blocks; a process that was forked with a begun block never gives out the same one."""

from datetime import date

import pytest

from gongzhi.kernel.ids import whole
from gongzhi.kernel.process import keys

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def test_a_forked_process_begins_a_block_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    keys.forget_blocks()
    parent = [keys.next_number(DAY) for _ in range(3)]
    monkeypatch.setattr("os.getpid", lambda: 999_999)
    child = [keys.next_number(DAY) for _ in range(3)]
    monkeypatch.undo()
    parent += [keys.next_number(DAY) for _ in range(3)]
    assert len({*parent, *child}) == 9 and parent[:4] == [f"261122-000{one}" for one in (1, 2, 3, 4)]


def test_an_id_is_read_as_far_as_ids_go_and_no_further() -> None:
    assert whole("912187128890392576") == 912187128890392576
    assert whole(str(2**63 - 1)) == 2**63 - 1, "ids of 2027 and later have nineteen digits"
    for said in (str(2**63), "9" * 5000, "²", "-1", "", "1.0", "１"):
        assert whole(said) is None
