"""A code at a place: random, readable, checked by its last sign, kept in the territory chain, ended when it is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Place
from gongzhi.kernel.process import place_signs
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory import place_codes, place_register
from gongzhi.kernel.territory.place_register import NotAPlace, Spot
from tests.cast import MORNING, Cast

NUMBERS = st.integers(min_value=0, max_value=30**7 - 1)
PLACES = st.integers(min_value=0, max_value=place_codes.LENGTH - 1)


@given(NUMBERS, PLACES, st.sampled_from(place_codes.SIGNS))
def test_one_wrong_sign_is_noticed(number: int, place: int, sign: str) -> None:
    code = place_codes.from_number(number)
    typed = code[:place] + sign + code[place + 1 :]
    assert place_codes.is_sound(typed) is (typed == code)


@given(NUMBERS, PLACES, PLACES)
def test_two_signs_that_changed_places_are_noticed(number: int, one: int, other: int) -> None:
    code = place_codes.from_number(number)
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    typed = "".join(signs)
    assert place_codes.is_sound(typed) is (typed == code)


def test_codes_are_random_and_have_no_look_alikes() -> None:
    made = {place_codes.made() for _ in range(500)}
    assert len(made) == 500 and all(place_codes.is_sound(one) for one in made)
    assert not set("".join(made)) & set("01OILU")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "8 个字母和数字"), ("ABCO EFGH", "没有“O”"), ("ABC", "您写了 3 位"), ("22222223", "写错了")],
)
def test_what_is_wrong_with_a_typed_code_is_told(typed: str, told: str) -> None:
    assert told in place_codes.fault(place_codes.plain(typed))


@pytest.mark.parametrize("typed", ["7k2m ab3c", "7K2M-AB3C", "７Ｋ２ＭＡＢ３Ｃ", " 7k2mab3c\n"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert place_codes.plain(typed) == "7K2MAB3C" and place_codes.grouped("7K2MAB3C") == "7K2M AB3C"


@pytest.mark.django_db
class TestTheRegister:
    def lift(self, cast: Cast) -> Spot:
        return Spot(cast.areas["building"], "1 单元电梯", "lift")

    def test_a_place_gets_one_code_and_keeps_it(self, cast: Cast) -> None:
        first = place_signs.make([self.lift(cast)], by=cast.desk(), at=MORNING)[0]
        again = place_signs.make([self.lift(cast)], by=cast.secretary(), at=MORNING)[0]
        assert first == again and place_register.look_up(first.code.lower(), MORNING).place == first
        entry = Entry.objects.get(register="territory", verb="make_place_codes")
        assert json.loads(entry.facts)["codes"] == [first.code]
        assert verify().sound

    def test_buildings_without_a_code_are_found(self, cast: Cast) -> None:
        Place.objects.all().delete()
        spots = place_register.without_code(cast.areas["community"], MORNING)
        assert [spot.label for spot in spots] == ["3 号楼"]
        place_signs.make(spots, by=cast.desk(), at=MORNING)
        assert place_register.without_code(cast.areas["community"], MORNING) == []

    def test_a_lost_sheet_gets_a_new_code_and_the_old_one_says_so(self, cast: Cast) -> None:
        old = place_signs.make([self.lift(cast)], by=cast.desk(), at=MORNING)[0]
        new = place_signs.end(old, "lost", by=cast.desk(), at=MORNING)
        assert new is not None and new.code != old.code and new.label == old.label
        looked = place_register.look_up(old.code, MORNING)
        assert not looked.holds and "换过了" in looked.sentence
        assert place_register.look_up(new.code, MORNING).holds

    def test_a_place_that_is_gone_leaves_no_code(self, cast: Cast) -> None:
        old = place_signs.make([self.lift(cast)], by=cast.desk(), at=MORNING)[0]
        assert place_signs.end(old, "gone", by=cast.desk(), at=MORNING) is None
        assert "已经没有了" in place_register.look_up(old.code, MORNING).sentence
        with pytest.raises(NotAPlace):
            place_signs.end(old, "gone", by=cast.desk(), at=MORNING)
        with pytest.raises(NotAPlace):
            place_signs.end(old, "tired of it", by=cast.desk(), at=MORNING)

    @pytest.mark.parametrize(
        "who", ["worker", "part_timer", "other_desk", "works", "outsider", "private_officer"]
    )
    def test_others_print_and_end_none(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            place_signs.make([self.lift(cast)], by=cast.acting(who), at=MORNING)
        with pytest.raises(NotYours):
            place_signs.end(Place.objects.get(), "lost", by=cast.acting(who), at=MORNING)
        assert not Entry.objects.filter(register="territory").exists()

    def test_the_street_may_where_the_community_may(self, cast: Cast) -> None:
        assert place_signs.make([self.lift(cast)], by=cast.dispatcher(), at=MORNING)

    @pytest.mark.parametrize("spot", [("", "lift"), ("电" * 61, "lift"), ("门", "door")])
    def test_a_name_and_a_kind_are_needed(self, cast: Cast, spot: tuple[str, str]) -> None:
        with pytest.raises(NotAPlace):
            place_signs.make([Spot(cast.areas["building"], *spot)], by=cast.desk(), at=MORNING)
