"""People from Excel on a page: every fault of every row told; whole or not at all; bombs do not go off."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Mandate, Organisation, Person
from gongzhi.kernel.people import sheets
from tests.cast import MORNING, Cast
from tests.keeping import administrators
from tests.site.roll_book import book
from tests.workbench.sitting import Sit

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/people/import/"
UNITS = [["柳岸供水公司", "柳岸供水", "公用企业", "", "柳岸街道", "柳岸社区", "0314-5550101", ""]]


def somebody(number: int, **more: str) -> list[Any]:
    said = {
        "name": f"新人{number}",
        "login": f"new{number}",
        "mobile": f"1380000{number:04d}",
        "role": "社区受理台",
        "area": "柳岸社区",
        "unit": "柳岸社区居民委员会",
        "first": "2026-11-20",
        "last": "",
    }
    return list((said | more).values())


@pytest.fixture
def desk(cast: Cast, sit: Sit, settings: Any, tmp_path: Path) -> Any:
    settings.DATA = tmp_path / "data"
    return sit_of(administrators(cast), sit)


def sit_of(cast: Cast, sit: Sit) -> Any:
    return sit("system").client


def send(client: Any, data: bytes, name: str = "名单.xlsx") -> Any:
    return client.post(PAGE, {"book": SimpleUploadedFile(name, data)})


def rolls(settings: Any) -> list[Path]:
    return list((Path(settings.DATA) / "rolls").glob("*"))


def test_a_good_workbook_is_checked_then_written_and_its_passwords_are_taken_once(
    desk: Any, tmp_path: Path, settings: Any
) -> None:
    data = book(tmp_path, people=[somebody(1), somebody(2)], units=UNITS).read_bytes()
    checked = send(desk, data).content.decode()
    assert "1 个单位、2 个人、2 个任职" in checked and "还没有写" in checked
    assert not Person.objects.filter(login="new1").exists()
    token = re.search(r'name="checked" value="([0-9a-f]{32})"', checked)
    assert token
    assert desk.post(PAGE, {"checked": token[1]}).status_code == 302
    assert (
        Person.objects.get(login="new1").first_password
        and Organisation.objects.filter(name="柳岸供水公司").exists()
    )
    assert rolls(settings) == []
    done = PAGE + "done/"
    assert "还没有取走" in desk.get(done).content.decode()
    shown = desk.post(done, {"how": "show"}).content.decode()
    assert "new1" in shown and "new2" in shown
    assert "new1" not in desk.post(done, {"how": "show"}).content.decode()
    assert list((Path(settings.DATA) / "passwords").glob("*")) == []
    assert verify(at=MORNING).sound
    again = send(desk, data).content.decode()
    assert "没有要加的" in again


def test_thirty_seven_wrong_rows_are_each_told_with_row_and_column(
    desk: Any, tmp_path: Path, settings: Any
) -> None:
    people = [somebody(number, mobile="1380") for number in range(37)] + [somebody(99)]
    answer = send(desk, book(tmp_path, people=people, units=[]).read_bytes())
    text = answer.content.decode()
    assert answer.status_code == 422 and "有 37 行要改，一行也没有写进去" in text
    table = text.split("<tbody>")[1].split("</tbody>")[0]
    assert table.count("<tr>") == 37 and table.count(">手机号<") == 37
    assert '<td class="num">3</td>' in table and '<td class="num">39</td>' in table
    assert not Person.objects.filter(login__startswith="new").exists() and rolls(settings) == []
    assert not Entry.objects.filter(register="people").exists()


def test_eyes_and_keys_do_not_come_from_a_workbook(desk: Any, tmp_path: Path) -> None:
    people = [
        somebody(1, role="街道专办员", area="柳岸街道", unit="柳岸街道办事处"),
        somebody(2, role="系统管理员", area="临河区", unit="区政府办公室"),
        somebody(3, login="system", name="邱明"),
    ]
    text = send(desk, book(tmp_path, people=people, units=[]).read_bytes()).content.decode()
    assert text.count("由安全管理员确认") >= 2 and "不能给自己授权" in text
    assert not Mandate.objects.filter(role="private_officer", person__login="new1").exists()


def test_a_missing_column_and_a_missing_sheet_are_named(desk: Any, tmp_path: Path) -> None:
    answer = send(desk, book(tmp_path, people=[], units=[], without="手机号").read_bytes())
    assert answer.status_code == 422 and "工作表“人员任职”缺一列“手机号”" in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a workbook",
        b"PK\x03\x04 half a zip",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n" + b"PK\x05\x06" + b"\x00" * 18,
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(desk: Any, settings: Any, data: bytes) -> None:
    answer = send(desk, data, "简历.xlsx")
    text = answer.content.decode()
    assert answer.status_code == 422 and ("不是 Excel 文件" in text or "还没有选文件" in text)
    assert "简历" in text or not data
    assert rolls(settings) == []


def bomb(told: int | None = None, doctype: bytes = b"") -> bytes:
    """A workbook whose one sheet unpacks to much more than it says, or to much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", doctype or b"0" * (sheets.UNPACKED + 1))
    data = bytearray(file.getvalue())
    if told is not None:
        size = (sheets.UNPACKED + 1).to_bytes(4, "little")
        data = bytearray(bytes(data).replace(size, told.to_bytes(4, "little")))
    return bytes(data)


@pytest.mark.parametrize(
    "data", [bomb(), bomb(told=1000), bomb(doctype=b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')]
)
def test_a_bomb_is_not_unpacked(desk: Any, settings: Any, data: bytes) -> None:
    answer = send(desk, data)
    assert answer.status_code == 422 and len(data) < 200_000
    assert re.search("展开以后太大|不是 Excel 文件", answer.content.decode())
    assert rolls(settings) == []


def test_too_large_a_file_is_not_kept(desk: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST", 1000)
    answer = send(desk, b"PK" + b"0" * 2000)
    assert answer.status_code == 422 and "不像是人员名单" in answer.content.decode() and rolls(settings) == []


def test_first_passwords_as_a_file_are_kept_in_no_cache(desk: Any, tmp_path: Path) -> None:
    checked = send(desk, book(tmp_path, people=[somebody(1)], units=[]).read_bytes()).content.decode()
    token = re.search(r'name="checked" value="([0-9a-f]{32})"', checked)
    assert token
    desk.post(PAGE, {"checked": token[1]})
    file = desk.post(PAGE + "done/", {"how": "file"})
    assert file["Cache-Control"] == "no-store" and "new1" in file.content.decode()
    assert Entry.objects.filter(register="access", verb="first_passwords").count() == 1


def test_a_checked_workbook_is_its_senders_alone_and_not_guessed(
    cast: Cast, sit: Sit, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path / "data"
    client = sit_of(administrators(cast), sit)
    checked = send(client, book(tmp_path, people=[somebody(1)], units=[]).read_bytes()).content.decode()
    token = re.search(r'name="checked" value="([0-9a-f]{32})"', checked)
    assert token
    assert sit("security").client.post(PAGE, {"checked": token[1]}).status_code == 403
    for wrong in ("../../etc/passwd", "0" * 32, token[1].upper() + "x"):
        assert client.post(PAGE, {"checked": wrong}).status_code == 422
    assert not Person.objects.filter(login="new1").exists()


def test_the_empty_workbook_can_be_had(desk: Any) -> None:
    answer = desk.get(PAGE + "people.xlsx")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
