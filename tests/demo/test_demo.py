"""The demonstration: a few days of it, through the real actions."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from gongzhi.kernel import packs
from gongzhi.kernel.models import Delivery, Entry, Matter, Person, Wait
from gongzhi.kernel.people.acting import as_mandate
from gongzhi.kernel.process.standing import at_desk
from gongzhi.surfaces.jobs import demo, demo_photos
from gongzhi.surfaces.jobs.demo_sheets import sheet

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
IDLE = {"clerk", "streetlead", "officer", "leader", "supervisor", "hotline", "system", "security", "audit"}


def test_every_kind_of_the_sheet_is_a_leaf_with_something_to_say():
    leaves = packs.load(sheet()["pack"]).table("categories")["leaf"]
    for kind in sheet("matters")["kind"]:
        assert kind["leaf"] in leaves
        assert kind["says"]
        assert kind.get("exit") or (kind["done"] and kind["result"] and kind["check"])
        assert kind.get("photo", "lamp") in sheet("drawings")["drawing"]
    assert {one["leaf"] for one in sheet("matters")["staged"]} <= {
        one["leaf"] for one in sheet("matters")["kind"]
    }


@pytest.mark.parametrize("kind", sorted(sheet("drawings")["drawing"]))
def test_drawings_are_pictures_and_the_same_every_time(kind):
    before = demo_photos.drawn(kind, 1)
    assert Image.open(io.BytesIO(before)).size == (demo_photos.WIDTH, demo_photos.HEIGHT)
    assert before == demo_photos.drawn(kind, 1) != demo_photos.drawn(kind, 1, after=True)


@pytest.mark.slow
@pytest.mark.django_db
def test_three_days_of_the_demonstration():
    loaded = demo.build(AT, days=3)
    assert loaded.matters == Matter.objects.count() > 24
    assert len(loaded.refused) <= 2, loaded.refused
    assert not Entry.objects.filter(at__gt=AT).exists()
    assert Matter.objects.filter(opened_at__lt=AT - timedelta(days=3)).count() == 0
    left = Delivery.objects.filter(state="pending", follower__startswith="tell:").select_related("entry")
    assert [
        (one.follower, one.entry.verb, str(one.entry.at), str(one.next_at), one.error) for one in left
    ] == []
    assert "查询码" in str(loaded)
    waits = list(Wait.objects.filter(ended_at=None).select_related("matter"))
    for login, password, _, _ in demo.accounts():
        person = Person.objects.get(login=login)
        assert person.check_password(password)
        by = as_mandate(person, None, AT)
        assert by is not None
        mine = [wait for wait in waits if at_desk(wait, by, wait.matter.pack)]
        assert mine or login in IDLE, f"{login} finds nothing to do"
    assert Person.objects.exclude(login__in=[row[0] for row in demo.accounts()]).count() > 300
