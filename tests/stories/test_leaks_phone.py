"""A link that was passed on, and a code: what they open to whom, and what they never open."""

from datetime import timedelta

import pytest
from django.test import Client

from gongzhi.domains.incidents.actions import Contact, Report, report, take
from gongzhi.kernel.models import Matter, PhoneCode, Receipt
from gongzhi.kernel.process import phone_codes
from tests.api.asking import Asking
from tests.cast import Cast, clock, key
from tests.portal.phones import MINE, NOBODY, OTHER, ask, gateway, sent_code, signed_in, text
from tests.workbench.sitting import Clock, hour

__all__ = ["gateway", "hour"]
pytestmark = pytest.mark.django_db


class TestALinkThatWasPassedOn:
    def opened(self, token: str) -> Client:
        client = Client()
        client.get(f"/f/{token}", follow=True)
        return client

    def test_only_the_first_device_acts_with_it(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        page = f"/follow/{told.matter.number}/"
        mine, friend = self.opened(told.token), self.opened(told.token)
        assert mine.get(f"{page}withdraw/").status_code == 200
        assert friend.get(f"{page}withdraw/").status_code == 404
        seen = text(friend.get(page))
        assert "在这里只能看" in seen and "/mine/phone/" in seen and "138****" not in seen
        assert mine.get(f"/f/{told.token}", follow=True).redirect_chain[-1][0] == page
        assert mine.get(f"{page}withdraw/").status_code == 200, (
            "the first device opens it as often as it likes"
        )

    def test_the_second_device_acts_after_a_code_to_the_number(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        self.opened(told.token)
        second, page = self.opened(told.token), f"/follow/{told.matter.number}/"
        ask(second)
        to = second.post("/mine/phone/", {"code": sent_code(hour), "for": told.matter.number})
        assert to.url == page and second.get(f"{page}withdraw/").status_code == 200

    def test_where_no_number_was_left_it_says_who_can_help(self, cast: Cast) -> None:
        told = cast.snap(contact=Contact())
        self.opened(told.token)
        assert "由上一级打给您核实" in text(self.opened(told.token).get(f"/follow/{told.matter.number}/"))

    def test_a_messengers_preview_takes_nothing_away(self, cast: Cast) -> None:
        told = cast.snap()
        Client().get(f"/f/{told.token}")
        assert Receipt.objects.get().link_opened_at is None
        mine = self.opened(told.token)
        assert mine.get(f"/follow/{told.matter.number}/withdraw/").status_code == 200

    def test_what_was_opened_acts_no_more_by_the_api_either(self, cast: Cast) -> None:
        told = cast.snap()
        app = Asking({"X-Receipt": told.token})
        assert "withdraw" in app.get("/follow").json()["can"]
        mine = self.opened(told.token)
        assert app.get("/follow").json()["can"] == []
        refused = app.act(told.matter, "withdraw", seen=told.matter.seq, why_withdraw="solved")
        assert refused.status_code in (403, 404) and Matter.objects.get().stage != "withdrawn"
        assert mine.get(f"/follow/{told.matter.number}/withdraw/").status_code == 200

    def test_what_a_staff_session_has_seen_acts_nowhere(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        staff, page = Client(), f"/follow/{told.matter.number}/withdraw/"
        staff.force_login(cast.people["worker"])
        staff.get(f"/f/{told.token}", follow=True)
        staff.cookies.pop("gongzhi")
        assert staff.get(f"/f/{told.token}", follow=True).status_code == 200
        assert staff.get(page).status_code == 404 and self.opened(told.token).get(page).status_code == 404
        assert signed_in(hour).get(page).status_code == 200, "the reporter has a code to the number"

    def test_nor_by_the_api_beside_a_staff_session(self, cast: Cast) -> None:
        told = cast.snap()
        app = Asking({"X-Receipt": told.token})
        app.client.force_login(cast.people["worker"])
        assert app.get("/follow").json()["can"] == []
        assert Asking({"X-Receipt": told.token}).get("/follow").json()["can"] == []


class TestLeaks:
    def test_a_number_that_merely_called_opens_nothing(self, cast: Cast, hour: Clock) -> None:
        said = Report(
            area=cast.areas["grid"], words=f"来电 {NOBODY}：楼道灯坏了", category="corridor_lamp",
            channel="hotline", consent=True, contact=Contact(phone=MINE, told_by="sms"),
        )  # fmt: skip
        told = report(said, by=cast.desk(), at=hour.now, key=key())
        caller = Client()
        ask(caller, NOBODY)
        assert sent_code(hour) == ""
        row = PhoneCode.objects.get()
        assert caller.post("/mine/phone/", {"code": phone_codes.code_of(row.pk)}).status_code == 302
        assert told.matter.number not in text(caller.get("/mine/"))
        assert caller.get(f"/follow/{told.matter.number}/withdraw/").status_code == 404
        hour.now += timedelta(minutes=1)
        assert told.matter.number in text(signed_in(hour).get("/mine/"))

    def test_private_matters_are_not_on_the_list_and_send_no_message(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap("老公打我，现在还在砸门", category="")
        assert Matter.objects.get().private
        client = Client()
        ask(client)
        assert sent_code(hour) == "", "the message itself would tell whoever holds the phone"
        client.post("/mine/phone/", {"code": phone_codes.code_of(PhoneCode.objects.get().pk)})
        assert told.matter.number not in text(client.get("/mine/"))
        assert client.get(f"/follow/{told.matter.number}/").status_code == 302
        own = Client()
        assert told.matter.number in text(own.get(f"/f/{told.token}", follow=True))

    def test_a_complaint_is_on_its_reporters_list_and_on_no_other(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap("物业不管", category="property_service", about=("property_company",))
        cast.snap("路灯不亮", contact=Contact(phone=OTHER, told_by="sms"))
        assert told.matter.number in text(signed_in(hour).get("/mine/"))
        assert told.matter.number not in text(signed_in(hour, OTHER).get("/mine/"))

    @pytest.mark.parametrize("name", ["worker", "secretary", "part_timer", "outsider"])
    def test_a_staff_session_gets_nothing_here(self, cast: Cast, hour: Clock, name: str) -> None:
        told = cast.snap()
        client = signed_in(hour)
        assert told.matter.number in text(client.get("/mine/"))
        client.force_login(cast.people[name])
        assert told.matter.number not in text(client.get("/mine/"))
        assert client.get(f"/follow/{told.matter.number}/withdraw/").status_code == 404
        assert ask(client).status_code == 403 and client.get("/mine/forget/").status_code == 302
        assert PhoneCode.objects.count() == 1

    def test_a_withdrawn_number_opens_nothing_more(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        client = signed_in(hour)
        take(told.matter, "forget_contact", by=cast.reporter(told), at=clock("2026-11-20 10:01"), key=key())
        assert told.matter.number not in text(client.get("/mine/"))
