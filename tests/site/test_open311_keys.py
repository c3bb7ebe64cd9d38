"""Keys of Open311 on the command line: given once, kept as a hash, listed without their text, taken back."""

import json

import pytest

from gongzhi.kernel.models import ChannelKey, Entry, Mandate, Organisation, Person
from gongzhi.kernel.people import secrets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
WHO = ("--as", "王芳", "--reason", "协议")


@pytest.fixture
def unit(small):
    return Organisation.objects.create(name="区市政中心", kind="department", duty="municipal_works")


def given(gongzhi, name, *more):
    return gongzhi("open311", "key", name, "--organisation", "区市政中心", *more, *WHO)


def test_a_key_is_shown_once_and_stands_in_the_register(gongzhi, unit):
    status, said, _ = given(gongzhi, "路灯平台")
    text, key = said.splitlines()[-1], ChannelKey.objects.get()
    assert status == 0 and key.hash == secrets.hash_token(text) and text not in str(key.__dict__)
    assert (key.verbs, key.per_hour, key.mandate, key.organisation) == ("report", 600, None, unit)
    entries = Entry.objects.filter(register="access", verb="channel_key_given")
    assert json.loads(entries.get().facts)["key"] == key.pk and entries.get().actor == "operator:王芳|协议"
    status, said, _ = gongzhi("open311", "keys")
    assert status == 0 and "路灯平台\t区市政中心" in said and text not in said


def test_one_that_writes_back_has_an_account_that_ends_with_it(gongzhi, unit):
    assert given(gongzhi, "路灯平台", "--verbs", "report, update", "--per-hour", "30", "--days", "7")[0] == 0
    mandate = Mandate.objects.get(role="unit_system")
    assert mandate.organisation == unit and mandate.until == ChannelKey.objects.get().until
    assert not mandate.person.has_usable_password() and Person.objects.get(pk=mandate.person_id).is_active
    assert gongzhi("open311", "revoke", "路灯平台", *WHO)[0] == 0
    mandate.refresh_from_db()
    assert (
        mandate.until == ChannelKey.objects.get().ended_at
        and not Person.objects.get(pk=mandate.person_id).is_active
    )
    verbs = Entry.objects.filter(register__in=("access", "people")).values_list("verb", flat=True)
    assert {"channel_key_ended", "stop_account", "appoint"} <= set(verbs)
    assert given(gongzhi, "路灯平台")[0] == 0, "the name is free again"


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("有一把", (), "还在用"),
        (" ", (), "钥匙要有名字"),
        ("新的", ("--verbs", "report,close"), "能做的事只有 report、read、update"),
        ("新的", ("--verbs", " , "), "能做的事只有"),
        ("新的", ("--days", "0"), "至少写 1 天"),
        ("新的", ("--per-hour", "-1"), "每小时次数"),
        ("新的", ("--area", "没有这里"), "没有叫“没有这里”的辖区"),
    ],
)
def test_what_cannot_be_given_is_told_and_nothing_is_written(gongzhi, unit, name, more, sentence):
    given(gongzhi, "有一把")
    status, _, said = given(gongzhi, name, *more)
    assert status == 1 and sentence in said and ChannelKey.objects.count() == 1


def test_an_organisation_that_is_not_there_and_a_key_that_is_not_there(gongzhi, unit):
    status, _, said = gongzhi("open311", "key", "新的", "--organisation", "没有的单位", *WHO)
    assert status == 1 and "没有叫“没有的单位”的单位" in said
    status, _, said = gongzhi("open311", "revoke", "没有的", *WHO)
    assert status == 1 and "没有叫“没有的”的钥匙在用" in said


def test_no_person_is_given_the_role_of_a_machine(gongzhi, unit):
    from django.utils import timezone

    from gongzhi.kernel import packs
    from gongzhi.kernel.ledger.staffing import Appointment, NotAppointed, appoint
    from gongzhi.kernel.people.acting import Acting

    at, roles = timezone.now(), packs.load("cn").table("roles")["role"]
    one = Appointment("zhang", "张三", "unit_system", at, organisation=unit)
    with pytest.raises(NotAppointed, match="跟着接口的钥匙给"):
        appoint([one], by=Acting.operator("王芳", "试试"), at=at, roles=roles)
