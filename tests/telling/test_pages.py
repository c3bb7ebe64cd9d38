"""The inbox, the choice of a channel and the outbox, as they are read and clicked."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from gongzhi.kernel.models import Entry, HowTold, InboxItem
from gongzhi.kernel.people import secrets
from gongzhi.kernel.telling.choice import PURPOSE
from tests.cast import Cast
from tests.telling.telling import NINE, post, to_the_works
from tests.workbench.sitting import Clock, Sit, hour, sit
from tests.workbench.test_lists import BUDGET, statements

__all__ = ["hour", "sit"]
pytestmark = pytest.mark.django_db


def test_opening_an_item_leads_to_the_matter_and_it_is_seen(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = to_the_works(cast)
    post(NINE + timedelta(minutes=1))
    works, other = sit("works"), sit("law")
    item = InboxItem.objects.get(person=cast.people["works"])
    assert matter.number in works.page("inbox/") and "条没看" in works.page()
    assert other.status(f"inbox/{item.pk}/") == 404 and matter.number not in other.page("inbox/")
    answer = works.client.get(f"/desk/inbox/{item.pk}/")
    assert answer.status_code == 302 and answer["Location"] == f"/desk/m/{matter.pk}/"
    assert "条没看" not in works.page() and "全部看过" not in works.page("inbox/")


def test_the_matters_own_page_counts_as_seeing_it(cast: Cast, sit: Sit, hour: Clock) -> None:
    matter = to_the_works(cast)
    post(NINE + timedelta(minutes=1))
    sit("works").matter(matter)
    assert InboxItem.objects.get(person=cast.people["works"]).read_at is not None


def test_everything_seen_stops_at_what_was_on_the_screen(cast: Cast, sit: Sit, hour: Clock) -> None:
    first = to_the_works(cast)
    post(NINE + timedelta(minutes=1))
    works, item = sit("works"), InboxItem.objects.get(matter=first)
    second = to_the_works(cast)
    post(NINE + timedelta(minutes=2))
    works.status("inbox/seen/", {"newest": str(item.pk)})
    rows = dict(InboxItem.objects.filter(person=cast.people["works"]).values_list("matter", "read_at"))
    assert rows[first.pk] is not None and rows[second.pk] is None


def test_the_inbox_takes_as_many_statements_as_any_list(cast: Cast, sit: Sit, hour: Clock) -> None:
    works = sit("works")
    for _ in range(12):
        to_the_works(cast)
    post(NINE + timedelta(minutes=1))
    assert statements(works, "inbox/") <= BUDGET and works.page("inbox/").count("inbox__said") == 12


def test_nothing_told_is_said_plainly(cast: Cast, sit: Sit, hour: Clock) -> None:
    assert "没有通知" in sit("outsider").page("inbox/")


class TestTheChoice:
    def test_a_channel_and_where_to_are_kept_and_the_register_has_no_address(
        self, cast: Cast, sit: Sit, hour: Clock
    ) -> None:
        desk = sit("desk")
        assert desk.status("me/told/", {"channel": "mail", "address": "sun@example.cn"}) == 302
        row = HowTold.objects.get(person=cast.people["desk"])
        assert secrets.unseal(row.address_enc or b"", purpose=PURPOSE) == "sun@example.cn"
        entry = Entry.objects.get(register="people", verb="how_told")
        assert entry.facts == '{"channel":"mail"}' and "s***@example.cn" in desk.page("me/")
        assert desk.status("me/told/", {"channel": "", "address": ""}) == 302
        row.refresh_from_db()
        assert (row.channel, row.address_enc) == ("", None)

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"channel": "mail", "address": "孙立群"}, "这不像邮箱"),
            ({"channel": "sms", "address": "1381234123"}, "少了 1 位"),
            ({"channel": "wechat", "address": ""}, "写一下企业微信账号"),
            ({"channel": "pigeon", "address": "x"}, "请从上面选一种"),
        ],
    )
    def test_what_cannot_be_meant_is_told_and_stays_typed(
        self, cast: Cast, sit: Sit, hour: Clock, typed: dict[str, str], sentence: str
    ) -> None:
        answer = sit("desk").client.post("/desk/me/told/", typed)
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert not typed["address"] or f'value="{typed["address"]}"' in answer.content.decode()
        assert not HowTold.objects.exists()

    def test_a_channel_that_is_off_cannot_be_chosen(self, cast: Cast, sit: Sit, hour: Clock) -> None:
        desk = sit("desk")
        with override_settings(GATEWAY_FAKES=False):
            assert "企业微信没有接通，现在选不了" in desk.page("me/")
            assert desk.status("me/told/", {"channel": "mail", "address": "sun@example.cn"}) == 422
        assert not HowTold.objects.exists()


class TestTheOutbox:
    def test_a_visitor_reads_what_a_phone_would_show_and_taps_its_link(self, cast: Cast) -> None:
        from gongzhi.gateways import sms

        sms.outbox_path().unlink(missing_ok=True)
        cast.snap(channel="phone", consent=True)
        post(NINE)
        page = Client().get("/outbox/").content.decode()
        assert "138****1234" in page and "13812341234" not in page and 'href="/f/' in page

    def test_a_real_deployment_has_none(self, cast: Cast) -> None:
        assert Client().get("/outbox/").status_code == 200
        with override_settings(GATEWAY_FAKES=False):
            assert Client().get("/outbox/").status_code == 404


def test_a_resident_is_not_promised_a_text_where_none_can_be_sent(cast: Cast, hour: Clock) -> None:
    from tests.portal.steps import reach_contact

    client = Client()
    reach_contact(client, cast.areas["grid"].pk)
    assert "没有接通短信" not in client.get("/report/contact/").content.decode()
    with override_settings(GATEWAY_FAKES=False):
        assert "没有接通短信" in client.get("/report/contact/").content.decode()
