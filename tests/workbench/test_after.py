"""After a closing at the workbench: rates with their lists, the five-rule, ringing, appeals."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import CalledBack, Incident
from gongzhi.kernel.models import Entry, Matter, Organisation
from gongzhi.kernel.people.acting import Acting
from tests.browser.every_page import dispatched, replied
from tests.cast import Cast, clock
from tests.workbench.sitting import Clock, Sit

pytestmark = pytest.mark.django_db
BEGIN = clock("2026-11-02 09:00")
NOVEMBER = "kind=month&first=2026-11-01"
FRAME = 14  # statements of who sits here, what waits, what is unread


def closed(cast: Cast, number: int = 1) -> list[Matter]:
    """Lamps mended by the department and closed in the first days of November."""
    found = []
    for day in range(number):
        at = BEGIN + timedelta(days=day)
        matter = cast.snap(at=at).matter
        dispatched(cast, matter, at)
        replied(cast, matter, at + timedelta(hours=3))
        found.append(matter)
    return found


def rate(matters: list[Matter], solved: int) -> None:
    """Ratings as residents gave them: the first ``solved`` are content."""
    for place, matter in enumerate(matters):
        good = place < solved
        Incident.objects.filter(pk=matter.pk).update(
            rated_at=BEGIN + timedelta(days=8),
            was_contacted="yes",
            was_solved="solved" if good else "no",
            satisfied="good" if good else "bad",
        )


def test_every_figure_on_the_page_has_its_words_and_its_list(cast: Cast, sit: Sit) -> None:
    closed(cast, 2)
    desk = sit("centre")
    page = desk.page(f"rates/?{NOVEMBER}")
    assert "区市政中心" in page and "应办结＝答应居民的时间落在这段时间里的" in page
    assert "没有算进去的" in page and "在哪一级办结的" in page
    works = cast.organisations["works"].pk
    for part in ("finished", "at_once", "answered", "opened", "received", "district"):
        unit = "" if part == "district" else f"&unit={works}"
        listed = desk.page(f"rates/list/?{NOVEMBER}&part={part}{unit}")
        assert "2 件" in listed, part
    assert desk.status(f"rates/list/?{NOVEMBER}&part=nonsense") == 404


def test_fewer_than_five_opinions_are_neither_shown_nor_listed(cast: Cast, sit: Sit) -> None:
    rate(closed(cast, 4), solved=1)
    desk = sit("centre")
    assert "不足 5 件" in desk.page(f"rates/?{NOVEMBER}")
    assert desk.status(f"rates/list/?{NOVEMBER}&part=rated") == 404
    assert desk.status(f"rates/list/?{NOVEMBER}&part=solved") == 404


def test_the_unit_reads_its_ratings_once_the_month_is_over_and_never_the_single_one(
    cast: Cast, sit: Sit, hour: Clock
) -> None:
    rate(closed(cast, 6), solved=5)
    works = sit("works")
    assert "结束后再看" in works.page(f"rates/?{NOVEMBER}")
    assert works.status(f"rates/list/?{NOVEMBER}&part=rated") == 404
    hour.set("2026-12-02 09:00")
    works.sign_in()
    assert "<span" in works.page(f"rates/?{NOVEMBER}") and "结束后再看" not in works.page(
        f"rates/?{NOVEMBER}"
    )
    assert "哪一件评了什么，只给定返工的那一级看" in works.page(f"rates/list/?{NOVEMBER}&part=rated")
    assert works.status(f"rates/list/?{NOVEMBER}&part=solved") in (403, 404)


def test_a_quarter_tells_nothing_that_its_months_kept_back(cast: Cast, sit: Sit, hour: Clock) -> None:
    matters = closed(cast, 8)
    rate(matters, solved=7)
    for one in matters[:2]:  # two in October, six in November
        Incident.objects.filter(pk=one.pk).update(rated_at=clock("2026-10-20 09:00"))
    hour.set("2027-01-05 09:00")
    page = sit("works").page("rates/?kind=quarter&first=2026-10-01")
    assert "结束后再看" in page, "the quarter less November would tell of two"


def test_others_read_nothing_of_it(cast: Cast, sit: Sit) -> None:
    closed(cast, 1)
    assert sit("worker").status("rates/") == 403
    assert sit("part_timer").status("rates/") == 403
    other = sit("other_desk")
    assert other.status(f"rates/?area={cast.areas['district'].pk}") == 404
    assert "区市政中心" not in other.page(f"rates/?{NOVEMBER}")
    law = sit("law").page(f"rates/?{NOVEMBER}")
    assert "区执法局" in law and "区市政中心" not in law


def test_the_one_complained_of_finds_no_trace_in_the_figures(cast: Cast, sit: Sit) -> None:
    at = clock("2026-11-05 09:00")
    told = cast.snap("居委会不公开账目", at=at, category="staff_attitude", about=("community",))
    desk, street = sit("desk"), sit("street_desk")
    assert "1</a>" not in desk.page(f"rates/?{NOVEMBER}")
    assert told.matter.number not in desk.page(f"rates/list/?{NOVEMBER}&part=opened")
    assert told.matter.number in street.page(f"rates/list/?{NOVEMBER}&part=opened")


def test_a_page_of_rates_costs_the_same_whatever_the_rows(cast: Cast, sit: Sit) -> None:
    closed(cast, 3)
    for name, query in (("centre", NOVEMBER), ("centre", f"{NOVEMBER}&by=area"), ("works", NOVEMBER)):
        desk = sit(name)
        desk.page(f"rates/?{query}")
        with CaptureQueriesContext(connection) as spent:
            desk.page(f"rates/?{query}")
        assert len(spent) <= FRAME + 8, [one["sql"][:90] for one in spent]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_figures_go_out_without_a_formula_and_with_an_entry(cast: Cast, sit: Sit, form: str) -> None:
    closed(cast, 1)
    Organisation.objects.filter(pk=cast.organisations["works"].pk).update(name="=HYPERLINK(1)")
    desk = sit("centre")
    assert desk.status(f"rates/export/?{NOVEMBER}", {}) == 422
    answer = desk.client.post(f"/desk/rates/export/?{NOVEMBER}", {"purpose": "meeting", "form": form})
    body = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    if form == "csv":
        text = body.decode("utf-8-sig")
        assert "'=HYPERLINK" in text and "用途：会商、例会" in text
    assert Entry.objects.filter(verb="export", matter=None).exists()


def drawn(cast: Cast) -> Matter:
    (matter,) = closed(cast)
    take(matter, "ask_back", by=Acting.clock(), at=BEGIN + timedelta(days=3))
    return matter


def test_a_call_is_rung_from_its_page(cast: Cast, sit: Sit) -> None:
    matter = drawn(cast)
    clerk, path = sit("hotline"), f"m/{matter.pk}/callback/"
    assert matter.number in clerk.page("callbacks/")
    assert "13812341234" not in clerk.page(path)
    answer = clerk.client.post(f"/desk/{path}", {"act": "number"})
    assert "13812341234" in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(verb="reveal", facts__contains="call_back").exists()
    wrong = clerk.client.post(f"/desk/{path}", {"act": "called_back", "call_words": "说挺好"})
    assert wrong.status_code == 422 and "说挺好" in wrong.content.decode()
    clerk.client.post(f"/desk/{path}", {"act": "called_back", "was_solved": "solved", "satisfied": "good"})
    assert CalledBack.objects.get(pk=matter.pk).satisfied == "good"
    assert matter.number not in clerk.page("callbacks/")


def test_nobody_else_opens_the_call(cast: Cast, sit: Sit) -> None:
    matter = drawn(cast)
    for name in ("works", "worker", "desk", "centre", "outsider"):
        assert sit(name).status(f"m/{matter.pk}/callback/") == 404, name


def test_what_was_said_on_the_telephone_is_not_the_units_to_read(cast: Cast, sit: Sit) -> None:
    matter = drawn(cast)
    said = {"was_contacted": "no", "was_solved": "no", "satisfied": "bad", "call_words": "说了三遍没人来"}
    take(
        matter,
        "called_back",
        by=cast.hotline(BEGIN + timedelta(days=4)),
        at=BEGIN + timedelta(days=4),
        **said,
    )
    for name, reads in (("works", False), ("centre", True)):
        page = sit(name).matter(matter)
        assert ("说了三遍没人来" in page) is reads and ("没解决" in page) is reads, name


def test_a_unit_appeals_and_the_level_above_finds_it(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = cast.snap(at=BEGIN).matter
    dispatched(cast, matter, BEGIN)
    said = {"contacted": "talked", "reply_done": "换了灯头。", "reply_result": "亮了。", "solved": "solved"}
    at = BEGIN + timedelta(hours=2)
    take(matter, "reply", by=cast.works(at), at=at, **said)
    take(matter, "send_back", by=cast.worker(at), at=at, check_way="look", missing="灯罩没有装。")
    replied(cast, matter, BEGIN + timedelta(hours=5))
    hour.set("2026-11-03 10:00")
    works = sit("works")
    assert f"/desk/m/{matter.pk}/do/appeal/" in works.page("rates/appeals/")
    answer = works.take(
        matter, "appeal", appeal_about="rework", appeal_ground="done", appeal_words="当天装好了，照片在后面。"
    )
    assert answer.status_code == 302
    assert "申诉中" in works.page("rates/appeals/") and "申诉中" in works.page(f"rates/?{NOVEMBER}")
    chief = sit("chief")
    assert matter.number in chief.page("rates/appeals/") and matter.number in chief.page("morning/")
    assert chief.take(matter, "uphold_appeal", appeal_reason="照片对得上。").status_code == 302
    assert "成立，不计入" in works.page("rates/appeals/")
    assert matter.number in chief.page(f"rates/list/?{NOVEMBER}&part=out.upheld")
    assert matter.number not in sit("other_desk").page("rates/appeals/")
