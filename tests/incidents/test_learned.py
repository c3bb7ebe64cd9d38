"""What a district's desks decided teaches the suggestions: explained, measured apart, never choosing for anybody."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gongzhi.domains.incidents import learn, learned
from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.learn_child import fit
from gongzhi.domains.incidents.models import Training
from gongzhi.domains.incidents.queries import learned as queries
from gongzhi.kernel import packs
from gongzhi.kernel.models import Entry
from gongzhi.kernel.people.keepers import NotKeeper
from tests.cast import MORNING, Cast, clock
from tests.keeping import administrators

LAMP = ("胡同口的大照子又灭了", "大照子一闪一闪的", "那个大照子三天没亮", "大照子坏了没人修")
ROAD = ("门前那截路全是坑洼", "坑洼太多，电动车都摔了", "路面坑洼积水", "坑洼没人填")


def texts(rows: int = 40) -> tuple[list[str], list[str]]:
    dice = random.Random(7)  # noqa: S311
    kinds = [dice.choice(["lamp", "road_broken"]) for _ in range(rows)]
    return [
        f"{dice.choice(LAMP if kind == 'lamp' else ROAD)}{dice.choice('啊吧呢')}" for kind in kinds
    ], kinds


def test_a_word_no_rule_knows_is_learned_and_named_as_the_reason() -> None:
    model = fit(*texts(), least=5)
    found = learned.suggest("我家楼下大照子不亮", model)[0]
    assert found.leaf == "lamp" and found.sure > 0.7
    assert any("照" in piece for piece in found.pieces)


def test_the_same_texts_teach_the_same_and_survive_packing() -> None:
    model = fit(*texts(), least=5)
    again = learned.unpacked(learned.packed(fit(*texts(), least=5)))
    assert model.kinds == again.kinds and list(model.pieces) == list(again.pieces)
    for said in (*LAMP, *ROAD):
        one, other = learned.suggest(said, model)[0], learned.suggest(said, again)[0]
        assert (one.leaf, one.pieces) == (other.leaf, other.pieces) and abs(one.sure - other.sure) < 0.01


def test_what_only_few_wrote_is_not_in_the_model() -> None:
    said, kinds = texts()
    model = fit([*said, "王小明住三单元", "王小明"], [*kinds, "lamp", "lamp"], least=5)
    assert not [piece for piece in model.pieces if set(piece) & set("王小明")]
    assert not [piece for piece in model.pieces if piece.isdigit() and piece != "0"]


def test_a_text_without_a_known_piece_gets_nothing() -> None:
    assert learned.suggest("abc？", fit(*texts(), least=5)) == []


def test_one_kind_alone_teaches_nothing() -> None:
    with pytest.raises(ValueError):
        fit(["路灯灭了"] * 9, ["lamp"] * 9, least=5)


def here(rows: Any, rule: Any) -> learned.Model:
    """As the child process does it, without the child."""
    return fit([row.folded for row in rows], [row.leaf for row in rows], rule["pieces"])


@pytest.fixture
def street(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Forty reports whose kind the community's desk settled, half of them corrected; a few that must not be learned."""
    said, kinds = texts()
    for place, (words, kind) in enumerate(zip(said, kinds, strict=True)):
        at = MORNING + timedelta(minutes=place)
        told = cast.snap(words, category="other", at=at)
        take(told.matter, "accept", by=cast.desk(at), at=at, category=kind)
    cast.snap("没人受理的大照子", category="lamp", at=MORNING + timedelta(hours=2))
    cast.snap("物业不管大照子", category="property_service", about=("property_company",))
    cast.snap("老公打我，现在还在砸门", category="")
    rule = {**packs.load("cn").table("learned")["suggestion"]["kind"], "least": 30}
    monkeypatch.setattr(learn, "_rule", lambda district: rule)
    monkeypatch.setattr(learn, "fitted", here)
    queries._models.clear()
    return cast


@pytest.mark.django_db
def test_a_district_learns_from_what_its_desks_settled_and_nothing_else(street: Cast) -> None:
    at, district = clock("2026-11-21 03:00"), street.areas["district"]
    taught = learn.texts_of(district, at, packs.load("cn"))
    assert len(taught) == 40 and {text.leaf for text in taught} == {"lamp", "road_broken"}
    assert learn.nightly(at) == 1
    row = Training.objects.get()
    assert (row.texts, row.kinds, row.done_at, row.why_not) == (40, 2, at, "")
    pack = packs.load("cn")
    assert [one.leaf for one in queries.suggestions("大照子又灭啦", pack, district)] == ["lamp"]
    found = queries.suggestions("大照子又灭啦", pack, district)[0]
    assert found.learned and "“" in found.because
    assert queries.suggestions("大照子又灭啦", pack, None) == []


@pytest.mark.django_db
def test_what_was_learned_is_offered_and_never_picked_out_for_anybody(street: Cast) -> None:
    learn.nightly(clock("2026-11-21 03:00"))
    page = Client().post("/report/guess/", {"words": "大照子又灭啦"}).content.decode()
    assert 'value="lamp"' in page and "本区以往写" in page
    assert "checked" not in page
    fresh = street.snap("大照子又灭啦", category="other", at=clock("2026-11-21 09:00")).matter
    browser = Client()
    browser.force_login(street.people["desk"])
    assert "也可能是“" in browser.get(f"/desk/m/{fresh.pk}/").content.decode()
    assert fresh.category == "other"


def test_the_child_process_learns_the_same_and_says_when_it_cannot() -> None:
    said, kinds = texts()
    rows = [learn.Text(one, kind, MORNING.date(), False) for one, kind in zip(said, kinds, strict=True)]
    model = learn.fitted(rows, {"pieces": 5})
    assert model is not None and learned.packed(model) == learned.packed(here(rows, {"pieces": 5}))
    assert learn.fitted(rows[:1], {"pieces": 5}) is None


@pytest.mark.django_db
def test_a_newer_training_forgets_the_models_before_it(street: Cast) -> None:
    for day in (21, 22):
        learn.nightly(clock(f"2026-11-{day} 03:00"))
    old, new = Training.objects.order_by("pk")
    assert bytes(old.model) == b"" and bytes(new.model) != b""


@pytest.mark.django_db
def test_too_few_are_not_learned_from_and_the_page_says_so(cast: Cast) -> None:
    administrators(cast)
    system = cast.acting("system")
    learn.ask(cast.areas["district"], by=system, at=MORNING)
    learn.ask(cast.areas["district"], by=system, at=MORNING)
    assert Training.objects.count() == 1 and Entry.objects.filter(register="packs", verb="learn").count() == 2
    assert learn.asked(MORNING) == 1
    browser = Client()
    browser.force_login(cast.people["system"])
    assert "还不够多" in browser.get("/desk/settings/suggestions/").content.decode()


@pytest.mark.django_db
def test_only_the_system_administrator_of_the_district_may_have_it_learned(street: Cast) -> None:
    administrators(street)
    for name in ("desk", "outsider", "audit", "security"):
        with pytest.raises(NotKeeper):
            learn.ask(street.areas["district"], by=street.acting(name), at=MORNING)
    browser = Client()
    browser.force_login(street.people["desk"])
    assert browser.get("/desk/settings/suggestions/").status_code == 403
