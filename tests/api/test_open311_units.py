"""Open311 for the unit that does the work: it reads what it holds, writes back as itself, and sees nobody else's."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.ledger import channel_register
from gongzhi.kernel.models import Entry, InboxItem, Mandate, Matter, Person
from gongzhi.kernel.people import limits
from gongzhi.kernel.process import unattended
from gongzhi.kernel.telling.post import deliver
from tests.api.open311_desk import OPERATOR, System, as_json, as_text, key_of
from tests.api.test_open311_reading import valid
from tests.cast import fresh
from tests.stories.eyes import FOR_COMMUNITY, KINDS, SAID, make

pytestmark = pytest.mark.django_db
DONE = {"attribute[contacted]": "talked"}


@pytest.fixture(autouse=True)
def _fresh_limits():
    limits.forget()


@pytest.fixture
def unit(cast):
    """The system of the works department."""
    return System(key_of(cast, "read", "update"))


def sent(cast, told, at=None):
    """The report, accepted and dispatched to the works department; as it stands then."""
    at = at or timezone.now() - timedelta(minutes=30)
    first = cast.street_desk(at) if fresh(told).community_id is None else cast.desk(at)
    take(told.matter, "accept", by=first, at=at, summary="东头第二根灯杆")
    if first.role == "community_desk":
        take(told.matter, "raise_to_street", by=first, at=at)
    take(told.matter, "raise_to_district", by=cast.dispatcher(at), at=at)
    take(told.matter, "dispatch", by=cast.centre(at), at=at, to=cast.organisations["works"].pk)
    return fresh(told)


def update(system, matter, form="json", **said):
    """What became of an update."""
    usual = {
        "service_request_id": matter.number,
        "update_id": "u1",
        "status": "in_progress",
        "updated_datetime": (timezone.now() - timedelta(minutes=1)).isoformat(),
        "description": "已经派人去看，要换灯头",
    }
    return system.post("servicerequestupdates", form, **{**usual, **said})


class TestAnUpdate:
    def test_signs_in_and_notes_what_was_written(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        answer = update(unit, matter)
        assert answer.status_code == 200 and answer.json() == [{"update_id": "u1"}]
        assert fresh(matter).stage == "in_progress"
        signed, noted = reversed(Entry.objects.filter(matter=matter).order_by("-seq")[:2])
        assert (signed.verb, noted.verb) == ("sign_in", "note")
        assert "换灯头" in noted.words.text and signed.happened < signed.at
        account = Mandate.objects.get(role="unit_system")
        assert signed.actor == f"person:{account.person_id}" and signed.acting_as == f"mandate:{account.pk}"
        assert account.organisation == cast.organisations["works"]

    def test_closed_is_the_units_reply_and_a_check_follows(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        answer = update(unit, matter, "xml", status="FIXED", description="换了灯头，晚上看过是亮的", **DONE)
        assert answer.status_code == 200 and as_json(answer.content) == [{"update_id": "u1"}]
        incident = Incident.objects.get(pk=matter.pk)
        assert fresh(matter).stage == "pending_inspection" and incident.solved == "solved"
        assert incident.contacted == "talked"
        [found] = System().get(f"requests/{matter.number}").json()
        assert found["status"] == "open" and found["agency_responsible"] == "区市政中心"
        assert found["status_notes"] == "区市政中心说办好了，正请人核实"

    def test_what_cannot_be_done_is_explained(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        assert update(unit, matter, status="no_further_action", **DONE).status_code == 200
        assert Incident.objects.get(pk=matter.pk).solved == "explained"

    def test_sent_twice_is_one_and_other_content_under_its_id_is_refused(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        for _ in range(2):
            assert update(unit, matter, status="closed", **DONE).status_code == 200
        assert Entry.objects.filter(matter=matter, verb="reply").count() == 1
        other = update(unit, matter, status="closed", description="另一段话", **DONE)
        assert other.status_code == 409 and valid(other.json(), "errors")

    def test_costs_no_more_than_an_act(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        update(unit, matter)
        with CaptureQueriesContext(connection) as seen:
            assert update(unit, matter, update_id="u2").status_code == 200
        said = [
            one["sql"]
            for one in seen
            if not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))
        ]
        act = [one for one in said if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len(act) <= 6 and len(said) <= 14 + 7, "the act, and before it: key, request, gate, ways"

    @pytest.mark.parametrize(
        ("said", "status", "names"),
        [
            ({"service_request_id": ""}, 400, "service_request_id"),
            ({"update_id": ""}, 400, "update_id"),
            ({"status": ""}, 400, "status"),
            ({"status": "sleeping"}, 400, "sleeping"),
            ({"description": ""}, 400, "description"),
            ({"updated_datetime": ""}, 400, "updated_datetime"),
            ({"updated_datetime": "soon"}, 400, "updated_datetime"),
            ({"updated_datetime": "2036-01-01T00:00:00Z"}, 400, "将来"),
            ({"status": "closed"}, 400, "contacted"),
            ({"service_request_id": "261122-9999"}, 404, "没有这一件"),
            ({"api_key": "guess"}, 403, "钥匙"),
        ],
    )
    def test_no_says_what_is_wrong_and_changes_nothing(self, cast, unit, said, status, names):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        plain, marked = (update(unit, matter, form, **said) for form in ("json", "xml"))
        assert plain.status_code == marked.status_code == status
        assert names in valid(plain.json(), "errors")[0]["description"]
        assert as_json(marked.content) == as_text(plain.json())
        assert fresh(matter).seq == matter.seq

    def test_not_what_another_unit_holds_nor_after_it_was_let_go_nor_outside_the_keys_area(self, cast, unit):
        told = cast.snap(at=timezone.now() - timedelta(hours=1))
        assert update(unit, told.matter).status_code == 404
        matter = sent(cast, told)
        law = System(key_of(cast, "update", organisation="law", name="执法平台"))
        elsewhere = System(key_of(cast, "update", area="other_street", name="桥头平台"))
        for other in (law, elsewhere, System(key_of(cast, "report", "read", name="只读"))):
            assert update(other, matter).status_code in (403, 404)
        assert fresh(matter).seq == matter.seq and update(unit, matter).status_code == 200

    def test_what_is_done_already_is_told_in_a_sentence(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        assert update(unit, matter, status="closed", **DONE).status_code == 200
        late = update(unit, matter, status="closed", update_id="u2", **DONE)
        assert late.status_code == 400 and "现在不能写“办结答复”" in late.json()[0]["description"]

    def test_of_a_key_taken_back_or_a_mandate_ended_does_nothing(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        channel_register.take_back("路灯平台", "open311", by=OPERATOR, at=timezone.now())
        assert update(unit, matter).status_code == 403
        again = System(key_of(cast, "update"))
        Mandate.objects.filter(role="unit_system").update(until=timezone.now())
        assert update(again, matter).status_code == 403


class TestTheAccountOfAKey:
    def test_signs_in_nowhere_is_told_nothing_and_fills_no_desk(self, cast):
        Mandate.objects.filter(organisation=cast.organisations["works"]).delete()
        key_of(cast, "update")
        account = Person.objects.get(login__startswith="key:")
        assert not account.has_usable_password()
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)))
        deliver(timezone.now())
        assert not InboxItem.objects.filter(person=account).exists()
        assert matter.stage == "pending_sign_in"
        assert "区市政中心" in [
            one.where for one in unattended.unattended(by=cast.centre(), at=timezone.now())
        ]


class TestReadingWithAKey:
    def test_the_holder_reads_place_and_words_and_others_the_summary(self, cast, unit):
        matter = sent(
            cast,
            cast.snap("蓝色水塔旁边的灯不亮", timezone.now() - timedelta(hours=1), point=(40.9412, 117.7455)),
        )
        [found] = valid(unit.get(f"requests/{matter.number}").json(), "requests")
        assert found["description"] == "蓝色水塔旁边的灯不亮" and found["address"] == "3号楼东侧"
        assert (found["lat"], found["long"]) == (40.9412, 117.7455)
        law = System(key_of(cast, "read", organisation="law", name="执法平台"))
        reports = System(key_of(cast, "report", name="只报"))
        elsewhere = System(key_of(cast, "read", area="other_street", name="桥头平台"))
        for other in (System(), law, reports, elsewhere):
            [found] = other.get(f"requests/{matter.number}").json()
            assert found["description"] is found["address"] is None and found["lat"] != 40.9412

    def test_secrecy_keeps_the_words_from_the_holder(self, cast, unit):
        told = cast.snap("蓝色水塔旁边的灯不亮", timezone.now() - timedelta(hours=1), contact=FOR_COMMUNITY)
        [found] = unit.get(f"requests/{sent(cast, told).number}").json()
        assert found["description"] is None and found["address"] == "3号楼东侧"

    def test_costs_the_same_whatever_the_list_holds(self, cast, unit):
        counts = []
        for many in (1, 4):
            for n in range(many):
                sent(cast, cast.snap(f"第{n}盏灯不亮", timezone.now() - timedelta(hours=1)))
            with CaptureQueriesContext(connection) as seen:
                found = unit.get("requests").json()
            assert all(one["description"] for one in found)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 8

    def test_the_way_of_a_matter_in_words_anyone_may_read(self, cast, unit):
        matter = sent(cast, cast.snap(at=timezone.now() - timedelta(hours=1)), timezone.now())
        update(unit, matter, description="不给别人看的话")
        anyone = System()
        answer = anyone.get("servicerequestupdates")
        found = answer.json()
        assert [one["external_status_code"] for one in found] == [
            "accepted",
            "filed",
            "pending_sign_in",
            "in_progress",
        ]
        assert found[2]["description"] == "已经交给区市政中心" and {one["status"] for one in found} == {
            "open"
        }
        assert (
            "不给别人看的话" not in answer.content.decode() and len({one["update_id"] for one in found}) == 4
        )
        assert as_json(anyone.get("servicerequestupdates", "xml").content) == as_text(found)
        past = (timezone.now() - timedelta(days=3)).isoformat()
        assert anyone.get("servicerequestupdates", end_date=past).json() == []
        assert anyone.get("servicerequestupdates", start_date=past, end_date="nonsense").status_code == 400


class TestWhatNeverStandsThere:
    HIDDEN = ("noise", "company", "committee", "kept_out", "danger")

    def pages(self, system, matters):
        """Everything this system gets, as text in which only what is found differs."""
        ids = ",".join(one.number for one in matters)
        asked = [("requests", {}), ("requests", {"service_request_id": ids}), ("servicerequestupdates", {})]
        asked += [("requests", {"status": status}) for status in ("open", "closed")]
        return [
            system.get(path, form, **query).content.decode()
            for path, query in asked
            for form in ("json", "xml")
        ]

    @pytest.mark.parametrize("organisation", ["", "works", "property"])
    def test_no_trace_for_anyone_and_for_no_key(self, cast, organisation):
        asks = System(
            key_of(cast, "report", "read", "update", organisation=organisation) if organisation else ""
        )
        empty = self.pages(asks, [])
        hidden = [make(cast, kind) for kind in self.HIDDEN]
        Matter.objects.update(opened_at=timezone.now())
        assert self.pages(asks, hidden) == empty
        for matter in hidden:
            absent = asks.get("requests/261122-9999").content
            assert asks.get(f"requests/{matter.number}").content == absent
            if organisation:
                assert update(asks, matter).status_code == 404
        lamp = make(cast, "lamp")
        Matter.objects.update(opened_at=timezone.now())
        found = self.pages(asks, [lamp])
        assert lamp.number in found[0] and lamp.number in found[1] and not any(SAID in text for text in found)

    def test_what_tells_on_a_neighbour_stays_out_even_for_its_holder(self, cast, unit):
        at = timezone.now() - timedelta(hours=1)
        told = cast.snap(f"{SAID}{KINDS['noise'][0]}", at, category="noise_home")
        matter = sent(cast, told)
        assert unit.lists() == [] and unit.get(f"requests/{matter.number}").status_code == 404
        assert update(unit, matter).status_code == 404
        assert json.loads(unit.get("servicerequestupdates").content) == []
