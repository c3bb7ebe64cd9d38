"""The digest: once a day at opening, on working days, of what its reader may read; nothing when there is nothing."""

from datetime import timedelta

import pytest

from gongzhi.gateways import fakes
from gongzhi.kernel.models import InboxItem, Sending
from gongzhi.kernel.telling import digest, hours
from gongzhi.kernel.telling.channels import CHANNELS
from gongzhi.kernel.telling.post import deliver
from tests.cast import Cast, clock
from tests.stories.eyes import make
from tests.telling.telling import post, to_the_works, wants

pytestmark = pytest.mark.django_db
MONDAY = clock("2026-11-23 08:30")


@pytest.fixture(autouse=True)
def empty() -> None:
    for name in CHANNELS:
        fakes.path_of(name).unlink(missing_ok=True)


def morning(at=MONDAY) -> list[str]:
    digest.plan(at)
    deliver(at)
    return [one.text for name in CHANNELS for one in fakes.kept(name)]


def test_it_comes_once_however_often_the_job_runs(cast: Cast) -> None:
    wants(cast, "works", "mail")
    matter = to_the_works(cast)
    post(clock("2026-11-20 10:00"))
    fakes.path_of("sms").unlink()
    [text] = morning()
    assert (
        "新通知 1 条" in text and "今天到期 1 件" in text and matter.title in text and "/desk/inbox/" in text
    )
    assert morning() == [text] and morning(MONDAY + timedelta(hours=3)) == [text]
    assert fakes.kept("mail")[0].to == "d***@example.cn" and fakes.kept("mail")[0].subject == "今天的事"


@pytest.mark.parametrize("when", ["2026-11-23 08:29", "2026-11-23 17:31", "2026-11-22 10:00"])
def test_outside_office_hours_and_on_days_off_there_is_none(cast: Cast, when: str) -> None:
    wants(cast, "works", "mail")
    to_the_works(cast)
    assert digest.plan(clock(when)) == 0 and digest.plan(MONDAY) == 1


def test_who_chose_nothing_or_has_nothing_gets_nothing(cast: Cast) -> None:
    wants(cast, "law", "wechat")
    to_the_works(cast)
    morning()
    assert InboxItem.objects.exists() and not InboxItem.objects.filter(person=cast.people["law"]).exists()
    assert fakes.kept("wechat") == [] and Sending.objects.get(kind="digest").state == "done"


def test_of_what_is_private_it_says_that_there_is_something(cast: Cast) -> None:
    wants(cast, "private_officer", "wechat")
    wants(cast, "dispatcher", "mail")
    matter = make(cast, "danger")
    morning()
    [text] = [one.text for one in fakes.kept("wechat")]
    assert "一件不公开的事" in text and matter.number not in text
    assert fakes.kept("mail") == []


def test_of_a_complaint_the_organisation_it_is_about_hears_nothing(cast: Cast) -> None:
    for name in ("secretary", "desk", "street_desk"):
        wants(cast, name, {"secretary": "mail", "desk": "sms", "street_desk": "wechat"}[name])
    matter = make(cast, "committee")
    morning()
    assert fakes.kept("mail") == []
    [text] = [one.text for one in fakes.kept("wechat")]
    assert matter.title in text
    assert not any(matter.title in one.text and "到期" in one.text for one in fakes.kept("sms"))


def test_it_names_five_at_most(cast: Cast) -> None:
    wants(cast, "desk", "wechat")
    for n in range(8):
        cast.snap(place=f"{n} 号楼", at=clock("2026-11-20 09:00"))
    morning()
    [text] = [one.text for one in fakes.kept("wechat")]
    assert "已超期 8 件" in text and text.count("；") == 4 and hours.number("cn", "digest", "titles") == 5
