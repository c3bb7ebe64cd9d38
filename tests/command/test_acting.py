"""Acting from the command centre: the same forms and the same door as on the matter's own page, told as sentences."""

import re

import pytest

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Area, Entry, Matter
from gongzhi.kernel.territory import svg
from tests.cast import Cast, clock, fresh, key
from tests.command.afternoon import NOW, text_of
from tests.kernel.test_rehome import with_ground

pytestmark = pytest.mark.django_db


def at_the_centre(cast: Cast) -> Matter:
    """A lamp that community and street have passed on to the district centre."""
    matter = cast.snap(at=clock("2026-11-20 08:52")).matter
    take(matter, "accept", by=cast.desk(), at=clock("2026-11-20 09:00"))
    take(matter, "raise_to_street", by=cast.desk(), at=clock("2026-11-20 09:05"))
    take(matter, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-20 09:10"))
    return fresh(matter)


def at_the_works(cast: Cast) -> Matter:
    """The same lamp, sent to the district's municipal works three days ago."""
    matter = cast.snap(at=clock("2026-11-17 08:52")).matter
    take(matter, "accept", by=cast.desk(), at=clock("2026-11-17 09:00"))
    take(matter, "raise_to_street", by=cast.desk(), at=clock("2026-11-17 09:05"))
    take(matter, "raise_to_district", by=cast.dispatcher(), at=clock("2026-11-17 09:10"))
    at = clock("2026-11-17 09:20")
    take(matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
    return fresh(matter)


def entries(matter: Matter) -> list[tuple[str, str, str, str]]:
    rows = Entry.objects.filter(matter=matter).order_by("seq")
    return [(one.verb, one.role, one.before, one.after) for one in rows]


def test_a_dispatch_from_here_is_the_same_as_from_the_matters_page(cast: Cast, sitting) -> None:
    first, second = at_the_centre(cast), at_the_centre(cast)
    client, to = sitting("centre"), str(cast.organisations["works"].pk)
    said = {"seen": first.seq, "to": to, "note": "灯杆归市政，老人多，请今天看。"}
    here = client.post(f"/command/m/{first.pk}/do/dispatch/?p=7", {**said, "key": key()})
    there = client.post(f"/desk/m/{second.pk}/do/dispatch/", {**said, "seen": second.seq, "key": key()})
    assert (here.status_code, here.url) == (302, f"/command/?area={cast.areas['district'].pk}&p=7")
    assert there.status_code == 302 and entries(first) == entries(second)
    assert entries(first)[-1][:2] == ("dispatch", "district_dispatcher")
    assert "已派遣，会告诉" in text_of(client.get(here.url))


def test_the_card_opens_the_likeliest_act_and_tells_the_rule_behind_it(cast: Cast, sitting) -> None:
    matter = at_the_centre(cast)
    page = text_of(sitting("centre").get(f"/command/m/{matter.pk}/"))
    assert f'action="/command/m/{matter.pk}/do/dispatch/?area={cast.areas["district"].pk}"' in page
    assert "区市政中心" in page and "会告诉" in page and matter.number in page
    assert "看全部" in page and "回到列表" in page


def test_a_street_urges_the_district_unit_but_neither_orders_nor_supervises_it(cast: Cast, sitting) -> None:
    matter = at_the_works(cast)
    street = sitting("street_leader")
    page = text_of(street.get(f"/command/m/{matter.pk}/do/urge/"))
    assert ">催办</a>" in page and ">报请区里督办</a>" in page
    assert ">派遣</a>" not in page and ">督办</a>" not in page
    said = {"seen": matter.seq, "key": key(), "supervise_ground": "late", "demand": "今天修好"}
    refused = street.post(f"/command/m/{matter.pk}/do/supervise/", said)
    assert refused.status_code == 409 and "今天修好" in text_of(refused), "what was typed is not lost"
    assert re.search(r'class="field__error" role="alert">[^<]{6,}', text_of(refused)), "told as a sentence"
    assert "supervise" not in [verb for verb, *_ in entries(matter)]
    urged = street.post(f"/command/m/{matter.pk}/do/urge/", {"seen": matter.seq, "key": key()})
    assert urged.status_code == 302 and entries(matter)[-1][0] == "urge"


def test_an_act_that_is_not_this_hands_is_refused_and_leaves_no_entry(cast: Cast, sitting) -> None:
    matter = at_the_centre(cast)
    before = entries(matter)
    said = {"seen": matter.seq, "key": key(), "to": str(cast.organisations["works"].pk)}
    refused = sitting("dispatcher").post(f"/command/m/{matter.pk}/do/dispatch/", said)
    assert refused.status_code in (403, 409) and entries(matter) == before
    for outsider in ("works", "part_timer", "worker", "outsider"):
        assert sitting(outsider).post(f"/command/m/{matter.pk}/do/dispatch/", said).status_code == 403
    assert sitting("other_desk").get(f"/command/m/{matter.pk}/").status_code == 404
    assert sitting("centre").get(f"/command/m/{matter.pk}/do/nonsense/").status_code == 200
    assert sitting("centre").post(f"/command/m/{matter.pk}/do/nonsense/", said).status_code == 404
    assert sitting("centre").get("/command/m/12345/").status_code == 404 and entries(matter) == before


def test_who_was_slower_keeps_the_words(cast: Cast, sitting) -> None:
    matter = at_the_centre(cast)
    take(matter, "dispatch", by=cast.centre(NOW), at=NOW, to=cast.organisations["works"].pk)
    said = {
        "seen": matter.seq,
        "key": key(),
        "to": str(cast.organisations["law"].pk),
        "note": "我写了很久的话",
    }
    slower = sitting("chief").post(f"/command/m/{matter.pk}/do/dispatch/", said)
    assert slower.status_code == 409 and "我写了很久的话" in text_of(slower) and "派遣" in text_of(slower)
    assert [verb for verb, *_ in entries(matter)].count("dispatch") == 1


def test_what_waits_at_ones_own_desk_stands_beside_what_is_late(cast: Cast, sitting) -> None:
    matter = at_the_centre(cast)
    page = text_of(sitting("centre").get("/command/?tab=mine"))
    assert "等我办 <b>1</b>" in page and f"/command/m/{matter.pk}/do/dispatch/" in page
    other = text_of(sitting("dispatcher").get("/command/?tab=mine"))
    assert "等我办 <b>0</b>" in other and "没有等您办的事" in other


def test_a_row_offers_first_what_ends_its_wait(cast: Cast, sitting) -> None:
    matter = at_the_works(cast)
    at = clock("2026-11-17 10:00")
    take(matter, "sign_in", by=cast.works(at), at=at)
    said = {"extension_reason": "parts", "extend_by": "2wd", "note": "停产"}
    take(matter, "request_extension", by=cast.works(at), at=at, **said)
    page = text_of(sitting("centre").get("/command/?tab=mine"))
    assert "待审延期" in page and ">同意延期</a> <a" in page and ">不同意延期</a>" in page


def test_the_list_comes_first_where_outlines_are_schematic_and_the_map_where_they_are_real(
    cast: Cast, sitting
) -> None:
    with_ground(cast)
    cast.snap()
    client = sitting("dispatcher")
    page = text_of(client.get("/command/"))
    assert '<ol class="cmd__board">' in page and '<svg class="cmd__svg"' not in page
    assert ">示意图</a>" in page, "one tap to the map"
    drawn = text_of(client.get("/command/?view=map"))
    assert '<svg class="cmd__svg"' in drawn and "示意图，不是测绘边界" in drawn and ">列表</a>" in drawn
    Area.objects.update(schematic=False)
    svg._drawn.cache_clear()
    real = text_of(client.get("/command/"))
    assert '<svg class="cmd__svg"' in real and "示意图" not in real and ">列表</a>" in real


def test_the_list_adds_up_to_the_counters_with_what_hangs_at_the_level_itself(cast: Cast, sitting) -> None:
    for _ in range(3):
        cast.snap()
    cast.snap("物业公司不修门", about=("property_company",))
    page = text_of(sitting("dispatcher").get("/command/"))
    board = page[page.index('<ol class="cmd__board">') : page.index("</ol>")]
    numbers = [int(n) for n in re.findall(r'class="cmd__sum">(?:<a[^>]*>|<b>)(\d+)<', board)]
    assert numbers == [3, 0, 1] and "本级直办" in board


def test_the_selected_grid_tells_post_office_line_and_duty_from_the_roster(cast: Cast, sitting) -> None:
    Area.objects.filter(pk=cast.areas["grid"].pk).update(phone="0314-0000-001")
    cast.snap()
    page = text_of(sitting("dispatcher").get(f"/command/?grid={cast.areas['grid'].pk}"))
    card = page[page.index('class="cmd__card"') : page.index("</aside>")]
    assert "网格员 周海燕，今天在岗" in card and "0314-0000-001" in card
    assert "打开清单" in card and f"/command/m/{Matter.objects.get().pk}/" in card
    elsewhere = text_of(sitting("desk").get(f"/command/?grid={cast.areas['other_community'].pk}"))
    assert "望山" not in elsewhere


def test_a_communitys_real_map_shows_open_matters_where_they_lie_and_a_schematic_one_does_not(
    cast: Cast, sitting
) -> None:
    with_ground(cast)
    told = cast.snap()
    Matter.objects.filter(pk=told.matter.pk).update(lat=40.95, lon=117.75)
    hidden = cast.snap("居委会不办事", about=("committee",))
    Matter.objects.filter(pk=hidden.matter.pk).update(lat=40.951, lon=117.751)
    client = sitting("secretary")
    assert "cmd__spot" not in text_of(client.get("/command/?view=map"))
    Area.objects.update(schematic=False)
    svg._drawn.cache_clear()
    page = text_of(client.get("/command/?view=map"))
    assert len(re.findall(r'<title>[^<]+</title><circle class="cmd__spot', page)) == 1
    assert f"/command/m/{told.matter.pk}/" in page and f"/command/m/{hidden.matter.pk}/" not in page
    street = text_of(sitting("dispatcher").get("/command/?view=map"))
    assert "cmd__spot" not in street, "points are for the community's own map"
