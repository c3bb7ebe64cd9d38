"""What could no longer be sent: its owner hands it on, whoever comes after reads it, nothing is taken as an act."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Attachment, Entry, Matter, Wait
from gongzhi.surfaces.workbench.keeping import mark_of
from tests.cast import Cast, clock, fresh, key
from tests.stories.eyes import Eye, make
from tests.workbench.sitting import PASSWORD, Clock, Desk, Sit, hour, sit

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db
WORDS = "灯头坏了，台阶旁老人多"
PASS = re.compile(r'data-pass="([^"]+)"')


def ended(cast: Cast, sit: Sit, name: str = "worker") -> tuple[Desk, str, str]:
    """Somebody signed in whose mandate ends: their browser, the pass on the page they get, the mark on their items."""
    desk = sit(name)
    mandate = cast.people[name].mandates.get()
    cast.people[name].mandates.update(until=clock("2026-11-20 09:00"))
    page = desk.client.get("/desk/")
    found = PASS.search(page.content.decode())
    assert page.status_code == 403 and found
    return desk, found[1], mark_of(cast.people[name].pk, mandate.pk)


def leave(client: Client, pass_: str, hand: str, matter: Matter | None = None, **more: Any) -> Any:
    said = {
        "pass": pass_,
        "hand": hand,
        "key": key(),
        "matter": str(matter.pk) if matter else "",
        "did": "研判上报",
        "told": WORDS,
        "place": "3 号楼",
        **more,
    }
    return client.post("/desk/queue/leave/", said)


def test_it_reaches_whoever_sits_there_now_once_and_takes_no_act(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    before = fresh(lamp).seq
    desk, pass_, hand = ended(cast, sit)
    same, picture = key(), io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 10)).save(picture, "JPEG")
    for _ in range(2):
        picture.seek(0)
        picture.name = "a.jpg"
        told = leave(desk.client, pass_, hand, lamp, key=same, photos=picture).json()
        assert told["state"] == "done" and "接手的人会看" in told["sentence"]
    left = Matter.objects.get(kind="leftover")
    wait = Wait.objects.get(matter=left)
    assert (wait.desk_role, wait.desk_area_id) == ("community_desk", cast.areas["community"].pk), (
        "no worker is left"
    )
    entry = Entry.objects.get(matter=left)
    assert entry.acting_as == "" and entry.actor == f"person:{cast.people['worker'].pk}"
    assert Attachment.objects.filter(matter=left).count() == 1
    assert fresh(lamp).seq == before and not Entry.objects.filter(verb="propose").exists()
    page = sit("desk").matter(left)
    assert WORDS in page and lamp.number in page
    sit("desk").take(left, "take_up")
    assert fresh(left).stage == "taken_up" and verify().sound


def test_signing_in_without_a_mandate_offers_the_same(cast: Cast, sit: Sit) -> None:
    ended(cast, sit)
    login = cast.people["worker"].login
    right = Client().post("/desk/login/", {"login": login, "password": PASSWORD})
    wrong = Client().post("/desk/login/", {"login": login, "password": "not it"})
    assert PASS.search(right.content.decode()) and not PASS.search(wrong.content.decode())


def test_no_one_else_hands_it_on(cast: Cast, sit: Sit) -> None:
    lamp = make(cast, "lamp")
    _, pass_, hand = ended(cast, sit)
    neighbour = mark_of(cast.people["neighbour"].pk, cast.people["neighbour"].mandates.get().pk)
    assert leave(Client(), "made up", hand, lamp).status_code == 401
    assert leave(Client(), pass_, neighbour, lamp).status_code == 404
    assert Client().get("/desk/queue/leave/").status_code == 404
    cast.people["worker"].mandates.update(until=None)
    still = leave(Client(), pass_, hand, lamp)
    assert still.status_code == 409 and "登录后自己发" in still.json()["sentence"]
    assert not Matter.objects.filter(kind="leftover").exists()


def test_who_the_matter_is_about_sees_it_as_little_as_the_matter(cast: Cast, sit: Sit) -> None:
    complaint = make(cast, "company")
    desk, pass_, hand = ended(cast, sit)
    assert leave(desk.client, pass_, hand, complaint).json()["state"] == "done"
    left = Matter.objects.get(kind="leftover")
    clerk, community = Eye(cast, "part_timer"), Eye(cast, "desk")
    assert left.number not in clerk.page("/desk/all/") and left.number in community.page("/desk/all/")
    assert clerk.client.get(f"/desk/m/{left.pk}/").status_code == 404
    for name in ("neighbour", "other_desk", "works", "outsider"):
        assert Eye(cast, name).client.get(f"/desk/m/{left.pk}/").status_code == 404


def test_a_complaint_and_a_private_matter_are_not_handed_over(cast: Cast, sit: Sit) -> None:
    danger = make(cast, "danger")
    desk, pass_, hand = ended(cast, sit)
    said = leave(desk.client, pass_, hand, about="yes")
    assert said.status_code == 403 and "随手拍" in said.json()["sentence"]
    leave(desk.client, pass_, hand, danger)
    assert danger.number not in " ".join(Matter.objects.values_list("title", flat=True))


def test_more_than_sixty_an_hour_wait(cast: Cast, sit: Sit, hour: Clock) -> None:
    desk, pass_, hand = ended(cast, sit)
    codes = [leave(desk.client, pass_, hand, key="short").status_code for _ in range(61)]
    assert codes[0] == 404 and codes[-1] == 429
