"""Mail in: each letter is a report once; robots are ignored; what cannot be read waits on a desk's list."""

import time
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gongzhi.domains.incidents import mails as taken
from gongzhi.domains.incidents.models import Incident, MailTaken
from gongzhi.domains.incidents.queries import mails
from gongzhi.gateways import fakes, mail_in
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment, Entry, Matter, Words
from gongzhi.kernel.people import limits
from gongzhi.kernel.process.verdict import NotYours
from tests.cast import MORNING, Cast
from tests.workbench.sitting import Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(tmp_path: Path, settings: object) -> Path:
    limits.forget()
    settings.MAIL_IN_URL = f"folder:{tmp_path}"  # type: ignore[attr-defined]
    return tmp_path


def letter(text: str = "3号楼东边的路灯不亮了", ident: str = "<a@x>", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "王先生 <wang@example.cn>", "box@example.cn", "路灯"
    made["Message-ID"] = ident
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def put(box: Path, made: EmailMessage | bytes, name: str = "a.eml") -> None:
    (box / name).write_bytes(made if isinstance(made, bytes) else made.as_bytes())


def test_a_letter_is_a_report_once_with_its_pictures(cast: Cast, box: Path) -> None:
    made, out = letter("柳岸社区3号楼东边的路灯不亮了"), BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    made.add_attachment(out.getvalue(), maintype="image", subtype="jpeg", filename="灯.jpg")
    made.add_attachment(b"PK", maintype="application", subtype="zip", filename="a.zip")
    put(box, made)
    assert mail_in.run(MORNING) == 1 and (box / "done" / "a.eml").exists()
    put(box, made, "again.eml")
    mail_in.run(MORNING)
    matter = Matter.objects.get()
    assert (matter.source, matter.category) == ("email", "lamp") and Attachment.objects.count() == 1
    text = Words.objects.get().text
    assert "路灯不亮了" in text and "另有 1 个附件" in text and "wang@" not in text
    assert b"wang" not in bytes(MailTaken.objects.get().address_enc or b"")


def test_the_sender_gets_number_and_code_where_mail_is_on(cast: Cast, box: Path, settings: object) -> None:
    settings.GATEWAY_FAKES = True  # type: ignore[attr-defined]
    before = len(fakes.kept("mail"))
    put(box, letter())
    mail_in.run(MORNING)
    sent = fakes.kept("mail")
    assert (
        len(sent) == before + 1
        and Matter.objects.get().number in sent[0].text
        and sent[0].to == "w***@example.cn"
    )
    assert MailTaken.objects.get().address_enc is None
    mail_in.run(MORNING)
    assert len(fakes.kept("mail")) == before + 1


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x>"}, {"Return_Path": "<>"}],
)
def test_robots_are_ignored(cast: Cast, box: Path, headers: dict[str, str]) -> None:
    put(box, letter(**headers))
    mail_in.run(MORNING)
    assert not Matter.objects.exists() and MailTaken.objects.get().state == "ignored"


def test_old_encodings_and_pages_are_read(cast: Cast, box: Path) -> None:
    head = b"From: a@example.cn\r\nMessage-ID: <g@x>\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
    put(box, head + "电线杆歪了，很危险".encode("gb18030"))
    mail_in.run(MORNING)
    assert "电线杆歪了" in Words.objects.get().text
    page = "<style>p{}</style><p>井盖<b>松动</b></p><script>alert(1)</script><p>在门口</p>"
    assert mail_in.stripped(page) == "井盖松动\n在门口"
    assert mail_in.decoded("楼道里冒水了".encode("gb18030"), "no-such") == "楼道里冒水了"


@given(st.binary(max_size=300))
def test_nothing_that_comes_is_an_error(raw: bytes) -> None:
    came = mail_in.read(raw, "x")
    assert came.id


def test_what_becomes_no_report_waits_for_the_desk_and_is_opened_by_it_alone(
    cast: Cast, box: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_in, "BIGGEST", 600)
    put(box, letter("长" * 900, "<big@x>"), "big.eml")
    empty = letter("", "<empty@x>")
    del empty["Subject"]
    put(box, empty, "empty.eml")
    mail_in.run(MORNING)
    assert not Matter.objects.exists()
    assert {one.why for one in mails.listed(by=cast.hotline(), at=MORNING)} == {
        "信太大，没有打开",
        "没有内容",
    }
    clerk, row = sit("hotline"), MailTaken.objects.order_by("pk").first()
    assert row is not None and "信太大" in clerk.page("mails/")
    assert "打开这一封已经记账" in clerk.page(f"mails/{row.pk}/")
    assert Entry.objects.filter(verb="mail_read").count() == 1
    for name in ("desk", "worker", "outsider", "part_timer"):
        with pytest.raises(NotYours):
            mails.listed(by=cast.acting(name), at=MORNING)
    assert sit("desk").status("mails/") == 403
    assert clerk.status(f"mails/{row.pk}/settle/", {}) == 302 and clerk.status(f"mails/{row.pk}/") == 404


def test_a_disk_that_is_full_loses_no_letter(cast: Cast, box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise taken.NotKept

    monkeypatch.setattr(taken, "report", full)
    put(box, letter())
    with pytest.raises(taken.NotKept):
        mail_in.run(MORNING)
    assert (box / "a.eml").exists() and not MailTaken.objects.exists()


def test_two_senders_with_one_message_id_are_two_letters(cast: Cast, box: Path) -> None:
    stranger = letter("别的事")
    del stranger["From"]
    stranger["From"] = "other@example.cn"
    put(box, stranger, "0.eml")
    put(box, letter("3号楼东边的路灯不亮了"), "1.eml")
    put(box, letter("楼道里冒水了"), "2.eml")
    assert mail_in.run(MORNING) == 3
    assert Matter.objects.count() == 3


def test_nothing_in_a_letter_shuts_the_mailbox_for_those_behind_it(cast: Cast, box: Path) -> None:
    for place, (charset, body) in enumerate(
        [("unicode_escape", rb"\ud800 abc"), ("utf-7", b"+2AA-"), ("punycode", b"a-" + b"b" * 20_000)]
    ):
        head = f"From: a@example.cn\r\nMessage-ID: <{place}@x>\r\nContent-Type: text/plain; charset={charset}"
        put(box, head.encode() + b"\r\n\r\n" + body, f"{place}.eml")
    put(box, letter("3号楼东边的路灯不亮了", "<last@x>"), "last.eml")
    assert mail_in.run(MORNING) == 4
    assert any("路灯不亮" in text for text in Words.objects.values_list("text", flat=True))


def test_one_that_makes_the_house_stumble_stays_and_the_next_is_taken(
    cast: Cast, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taken.take_in

    def stumbling(came: taken.Came, **more: object) -> object:
        if "绊" in came.words:
            raise RuntimeError
        return whole(came, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(taken, "take_in", stumbling)
    put(box, letter("绊一下", "<1@x>"), "1.eml")
    put(box, letter("路灯不亮了", "<2@x>"), "2.eml")
    assert mail_in.run(MORNING) == 1
    assert (box / "1.eml").exists() and not (box / "2.eml").exists() and Matter.objects.count() == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"a," * 400_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain;" + b" a=b;" * 200_000 + b"\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
    ],
)
def test_a_letter_made_to_keep_its_reader_busy_is_not_read(raw: bytes) -> None:
    begun = time.monotonic()
    came = mail_in.read(raw, "x")
    assert came.why == mail_in.UNREADABLE and came.words and time.monotonic() - begun < 2


def test_pictures_that_are_none_are_not_tried_for_ever(
    cast: Cast, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def broken(name: str, stream: object) -> None:
        tried.append(name)
        raise files.NotAccepted("坏的")

    monkeypatch.setattr(files, "receive_photo", broken)
    made = letter()
    for place in range(40):
        made.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename=f"{place}.jpg")
    put(box, made)
    assert mail_in.run(MORNING) == 1 and len(tried) == mail_in.TRIED
    assert "另有 40 个附件" in Words.objects.get().text


def test_a_flood_of_letters_is_kept_and_looked_at_and_answered_to_nobody(
    cast: Cast, box: Path, settings: object
) -> None:
    settings.GATEWAY_FAKES = True  # type: ignore[attr-defined]
    most, before = limits.public()["device"].most, len(fakes.kept("mail"))
    for place in range(most + 2):
        put(box, letter(f"路灯坏了 {place}", f"<{place}@x>"), f"{place:03}.eml")
    while mail_in.run(MORNING):
        pass
    assert Incident.objects.count() == most + 2
    assert Incident.objects.filter(over_limit=True).count() == 2
    assert len(fakes.kept("mail")) == before + most


def test_an_address_that_is_none_is_answered_to_nobody(cast: Cast, box: Path) -> None:
    for place, sender in enumerate(("no address", "a@b, c@d", "a@example.cn\r\nBcc: x@example.cn")):
        raw = f"From: {sender}\r\nMessage-ID: <{place}@x>\r\n\r\nroad lamp {place}"
        put(box, raw.encode(), f"{place}.eml")
    assert mail_in.run(MORNING) == 3 and Matter.objects.count() == 3
    assert MailTaken.objects.exclude(address_enc=None).count() <= 2
