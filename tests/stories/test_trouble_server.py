"""The server's own trouble: a full disk, a database that cannot write, a pack with an error. A sentence, no trace."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment, Matter, Words
from gongzhi.kernel.packs import pack as shelved
from gongzhi.kernel.people import limits
from gongzhi.kernel.process import door
from gongzhi.kernel.process.flush import flush
from gongzhi.surfaces.portal import drafts
from tests.api.asking import spoken_by
from tests.cast import MORNING, Cast, fresh
from tests.portal.steps import WORDS, key_of, photo, reach_contact, say
from tests.stories.test_new_pack import lives_by, willow
from tests.workbench.sitting import Clock, Desk, hour

__all__ = ["hour", "willow"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    limits.forget()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cannot_write(*_: Any, **__: Any) -> None:
    raise OperationalError("database or disk is full")


class TestNoRoomForAFile:
    @pytest.fixture(autouse=True)
    def _full(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        self.mend = monkeypatch.undo
        self.before = set(files.stored_digests())
        monkeypatch.setattr(files, "write_file", full)
        yield

    def test_is_told_beside_the_photos_and_the_words_stay(self, cast: Cast, client: Client) -> None:
        answer = say(client, photos=photo(colour="red"))
        page = text(answer)
        assert answer.status_code == 422 and "硬盘满了，没存下。您写的都还在" in page and WORDS in page
        self.mend()
        assert set(files.stored_digests()) == self.before
        said = {"key": key_of(answer), "words": WORDS, "photos": photo(colour="red")}
        assert client.post("/report/", said).status_code == 302

    def test_at_the_desk_and_by_machine(self, cast: Cast) -> None:
        told = cast.snap()
        answer = Desk(cast, "worker").take(
            told.matter, "propose", level="street", note="看过", photos=photo()
        )
        assert answer.status_code == 422 and "硬盘满了" in text(answer) and "看过" in text(answer)
        said = {"words": WORDS, "code": "LA3B7K2M", "photos": photo()}
        answer = Client().post("/api/v1/reports", said, headers={"Idempotency-Key": "a" * 32})
        assert answer.status_code == 503 and answer.json()["code"] == "no_room"
        assert Matter.objects.count() == 1 and not Attachment.objects.exists()


class TestNoRoomForADraft:
    def test_each_screen_says_so_and_shows_what_was_typed(
        self, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        monkeypatch.setattr(drafts, "save", full)
        for path, said, kept in (
            ("/report/", {"words": "井盖松了"}, "井盖松了"),
            ("/report/where/", {"area": cast.areas["grid"].pk, "place_words": "西门外"}, "西门外"),
            ("/report/contact/", {"phone": "13812341234"}, "13812341234"),
        ):
            answer = client.post(path, {"key": one, **said})
            assert answer.status_code == 422 and "服务器没存下" in text(answer) and kept in text(answer), path
        assert not Matter.objects.exists()

    def test_a_report_that_stands_is_answered_all_the_same(
        self, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        monkeypatch.setattr(drafts, "finish", full)
        for _ in range(2):
            assert client.post("/report/contact/", {"key": one}).url == "/report/sent/"
        assert Matter.objects.get().number in text(client.get("/report/sent/"))


class TestADatabaseThatCannotWrite:
    @pytest.fixture(autouse=True)
    def _stuck(self, cast: Cast, monkeypatch: pytest.MonkeyPatch, hour: Clock) -> None:
        self.mend = lambda: monkeypatch.setattr(door, "flush", flush)
        self.spoil = lambda: monkeypatch.setattr(door, "flush", cannot_write)
        self.lamp, self.desk, self.machine = cast.snap().matter, Desk(cast, "desk"), spoken_by(cast, "desk")
        self.spoil()

    def test_at_the_portal_it_is_sent_again_once(self, cast: Cast, client: Client) -> None:
        one = reach_contact(client, cast.areas["grid"].pk)
        said = {"key": one, "phone": "13812341234", "who_may_see": "all"}
        answer = client.post("/report/contact/", said)
        page = text(answer)
        assert answer.status_code == 503 and "没送出去，您写的都还在" in page and "13812341234" in page
        assert Matter.objects.count() == 1
        self.mend()
        for _ in range(2):
            assert client.post("/report/contact/", said).status_code == 302
        assert Matter.objects.count() == 2

    def test_at_the_desk_the_form_stays_with_its_key(self, cast: Cast) -> None:
        form = {"seen": 1, "key": "d" * 32, "note": "这一段要留着"}
        path = f"/desk/m/{self.lamp.pk}/do/accept/"
        answer = self.desk.client.post(path, form)
        page = text(answer)
        assert answer.status_code == 503 and "没存下，写的都还在" in page and "这一段要留着" in page
        assert "d" * 32 in page and fresh(self.lamp).stage == "submitted"
        self.mend()
        assert self.desk.client.post(path, form).status_code == 302
        report = {"way": "behalf", "channel": "desk", "words": "灯坏了", "area": str(cast.areas["grid"].pk)}
        assert self.desk.client.post("/desk/report/", {**report, "key": "e" * 32}).status_code == 302

    def test_by_machine_and_with_a_receipt(self, cast: Cast) -> None:
        answer = self.machine.act(self.lamp, "accept", 1, key="f" * 32)
        assert answer.status_code == 503 and answer.json()["code"] == "not_kept"
        assert "不会重复" in answer.json()["refusal"]
        self.mend()
        assert self.machine.act(self.lamp, "accept", 1, key="f" * 32).status_code == 200

    def test_a_residents_addition_stays_on_the_page(self, cast: Cast, client: Client) -> None:
        self.mend()
        one = reach_contact(client, cast.areas["grid"].pk)
        client.post("/report/contact/", {"key": one})
        mine = Matter.objects.latest("pk")
        self.spoil()
        answer = client.post(f"/follow/{mine.number}/add/", {"key": "b" * 32, "words": "井盖也松了"})
        assert answer.status_code == 503 and "没存下" in text(answer) and "井盖也松了" in text(answer)
        assert not Words.objects.filter(text__contains="井盖").exists()


class TestAPackWithAnError:
    @pytest.fixture(autouse=True)
    def _looks_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shelved, "GLANCE", 0.0)

    def spoil(self, home: Path, how: str) -> None:
        page = home / "willow" / "processes" / "incident.toml"
        said = page.read_text(encoding="utf-8")
        page.write_text(FAULTS[how](said), encoding="utf-8")

    @pytest.mark.parametrize("how", ["a bracket left open", "a role that is none", "a page gone"])
    def test_running_matters_and_new_ones_go_on(
        self, cast: Cast, hour: Clock, willow: Path, how: str
    ) -> None:
        lives_by(cast, "willow")
        lamp, desk = cast.snap().matter, Desk(cast, "desk")
        take(lamp, "accept", by=cast.desk(), at=MORNING)
        assert "报街道初审" in desk.matter(lamp)
        self.spoil(willow, how)
        assert "报街道初审" in desk.matter(lamp) and lamp.number in desk.page("all/")
        assert desk.take(lamp, "ask_review").status_code == 302
        assert fresh(lamp).stage == "street_review"
        assert Client().get("/").status_code == 200
        assert fresh(cast.snap()).stage == "submitted"
        assert "街道初审" in text(spoken_by(cast, "desk").get(f"/matters/{lamp.pk}"))

    def test_mended_it_is_taken(self, cast: Cast, willow: Path) -> None:
        before = packs.load("willow")
        page = willow / "willow" / "processes" / "incident.toml"
        said = page.read_text(encoding="utf-8")
        self.spoil(willow, "a bracket left open")
        assert packs.load("willow") is before
        page.write_text(said.replace("报街道初审", "请街道初审一次"), encoding="utf-8")
        assert packs.load("willow").get("pack.label") == "柳岸方案"
        assert packs.load("willow").process("incident")["action"]["ask_review"]["label"] == "请街道初审一次"

    @pytest.mark.parametrize(
        ("how", "named"), [("a bracket left open", "第"), ("a role that is none", "emperor")]
    )
    def test_the_check_names_the_fault(self, willow: Path, how: str, named: str) -> None:
        self.spoil(willow, how)
        environment = {
            **os.environ,
            "GONGZHI_PACKS": str(willow),
            "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings",
        }
        words = [str(Path(sys.executable).parent / "gongzhi"), "pack", "check", "willow"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
        said = done.stdout + done.stderr
        assert done.returncode == 1 and named in said and "Traceback" not in said

    def test_a_server_that_never_read_it_answers_a_sentence(self, cast: Cast, willow: Path) -> None:
        lives_by(cast, "willow")
        self.spoil(willow, "a bracket left open")
        packs.forget()
        client = Client(raise_request_exception=False)
        client.force_login(cast.people["desk"])
        for path in ("/desk/", "/desk/all/", "/report/", "/command/"):
            answer = client.get(path)
            assert answer.status_code in (200, 500, 403), path
            if answer.status_code == 500:
                assert "过一会儿再点一次" in text(answer) and "Traceback" not in text(answer), path
                assert str(settings.ROOT) not in text(answer)


FAULTS = {
    "a bracket left open": lambda said: said + "\n[action.broken\nlabel = 1\n",
    "a role that is none": lambda said: said.replace('by    = ["awaited"]', 'by    = ["emperor"]'),
    "a page gone": lambda said: "",
}
