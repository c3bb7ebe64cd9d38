"""Open311 read from outside: what is offered, what is listed, in two forms that say the same."""

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel import packs
from gongzhi.kernel.models import Attachment, Matter
from gongzhi.kernel.people import limits
from gongzhi.surfaces.api.open311 import callers
from tests.api.asking import stored
from tests.api.open311_desk import System, as_json, as_text, key_of
from tests.cast import fresh

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parent / "georeport"


def valid(body, name):
    """The body, found to be as the published schema has it."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.validate(body, schema, format_checker=jsonschema.FormatChecker())
    return body


@pytest.fixture(autouse=True)
def _fresh_limits():
    limits.forget()


class TestWhatIsOffered:
    def test_discovery_says_where_it_is_at_both_addresses(self, cast):
        anyone = System()
        for path in ("/open311/discovery", "/open311/v2/discovery"):
            found = valid(anyone.client.get(f"{path}.json").json(), "discovery")
            assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
            assert as_json(anyone.client.get(f"{path}.xml").content) == as_text(found)

    def test_every_kind_but_those_that_tell_on_a_neighbour_or_are_private(self, cast):
        answer = System().get("services")
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        found = {one["service_code"]: one for one in valid(answer.json(), "services")}
        leaves = packs.load("cn").table("categories")["leaf"]
        hidden = {code for code, row in leaves.items() if row.get("about_person") or row.get("private")}
        assert {"noise_home"} <= hidden and set(found) == set(leaves) - hidden
        assert found["lamp"]["group"] == "公用设施" and found["lamp"]["metadata"] is False
        assert found["lamp"]["type"] == "realtime" and "路灯" in found["lamp"]["keywords"]

    def test_a_kind_that_asks_more_has_a_definition_and_one_that_does_not_has_none(self, cast):
        anyone = System()
        asks = [one["service_code"] for one in anyone.get("services").json() if one["metadata"]]
        assert {"manhole", "property_service"} <= set(asks)
        for code in asks:
            found = valid(anyone.get(f"services/{code}").json(), "service-definition")
            assert found["attributes"] and as_json(anyone.get(f"services/{code}", "xml").content) == as_text(
                found
            )
        manhole = {one["code"]: one for one in anyone.get("services/manhole").json()["attributes"]}
        assert manhole["manhole_state"]["datatype"] == "singlevaluelist"
        assert {"key": "gone", "name": "没有了"} in manhole["manhole_state"]["values"]
        assert (
            manhole["manhole_letters"]["datatype"] == "string" and manhole["manhole_letters"]["values"] == []
        )
        for code in ("lamp", "noise_home", "nothing"):
            assert anyone.get(f"services/{code}").status_code == 404

    def test_several_districts_ask_which_and_know_no_other(self, cast):
        anyone = System()
        assert anyone.get("services", jurisdiction_id="anything").status_code == 200
        from tests.cast import add_area

        add_area(cast, "second", "河东区", "district", "city", code="990102000000")
        assert anyone.get("services").status_code == 400
        assert "990102（河东区）" in anyone.get("services").json()[0]["description"]
        assert anyone.get("services", jurisdiction_id="990101").status_code == 200
        unknown = anyone.get("services", jurisdiction_id="110000")
        assert unknown.status_code == 404 and valid(unknown.json(), "errors")[0]["code"] == 404
        cast.snap()
        assert (
            len(anyone.lists(jurisdiction_id="990101")) == 1 and anyone.lists(jurisdiction_id="990102") == []
        )


class TestWhatIsListed:
    def test_without_a_key_only_the_summary_and_the_middle_of_the_grid(self, cast):
        told = cast.snap(
            "蓝色水塔旁边的灯不亮", timezone.now(), photos=(stored(),), point=(40.9412, 117.7455)
        )
        answer = System().get(f"requests/{told.matter.number}")
        [found] = valid(answer.json(), "requests")
        assert found["service_request_id"] == told.matter.number and found["status"] == "open"
        assert found["status_notes"] == "社区正在看这件事" and found["service_name"] == "路灯不亮"
        assert found["description"] is found["address"] is found["media_url"] is None
        grid = cast.areas["grid"]
        assert (found["lat"], found["long"]) == (round(grid.lat, 6), round(grid.lon, 6))
        text = answer.content.decode()
        assert not any(word in text for word in ("水塔", "3号楼", "1381234", "40.9412", "117.7455"))
        assert not any("requestor" in name or "phone" in name for name in found)

    def test_both_forms_say_the_same(self, cast):
        told = cast.snap(at=timezone.now())
        other = cast.snap("井盖丢了", timezone.now(), category="manhole")
        take(told.matter, "accept", by=cast.desk(), at=timezone.now())
        anyone = System()
        for path in ("requests", f"requests/{other.matter.number}", "servicerequestupdates", "services"):
            plain, marked = anyone.get(path), anyone.get(path, "xml")
            assert marked["Content-Type"] == "text/xml; charset=utf-8"
            assert marked.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
            assert plain.json() and as_json(marked.content) == as_text(plain.json())

    def test_a_picture_stands_there_once_staff_released_it(self, cast):
        told, anyone = cast.snap(at=timezone.now(), photos=(stored(),)), System()
        shot = Attachment.objects.get()
        there = f"/open311/v2/media/{shot.pk}.jpg"
        assert anyone.client.get(there).status_code == 404
        Attachment.objects.update(released=True)
        [found] = anyone.get(f"requests/{told.matter.number}").json()
        assert found["media_url"] == f"http://testserver{there}"
        picture = anyone.client.get(there)
        assert picture.status_code == 200 and picture["Content-Type"] == "image/jpeg"
        Matter.objects.update(restricted=True)
        assert anyone.client.get(there).status_code == 404

    def test_what_is_promised_who_has_it_and_when_it_closed(self, cast):
        at = timezone.now()
        told = cast.snap(at=at - timedelta(hours=3))
        take(told.matter, "accept", by=cast.desk(), at=at - timedelta(hours=2))
        Matter.objects.filter(pk=told.matter.pk).update(stage="archived", counts="closed", closed_at=at)
        [found] = System().get("requests").json()
        assert found["status"] == "closed" and found["status_notes"] == "这件事办完了"
        matter = fresh(told)
        assert found["expected_datetime"] == matter.promised_at.astimezone(
            matter.promised_at.tzinfo
        ).astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
        assert (
            found["updated_datetime"].endswith("+08:00")
            and found["updated_datetime"] > found["requested_datetime"]
        )


class TestFilters:
    @pytest.fixture
    def three(self, cast):
        """A lamp of today, a manhole of ten days ago that is closed, a lamp of a hundred days ago."""
        at = timezone.now()
        rows = [
            cast.snap(at=at - timedelta(hours=1)),
            cast.snap("井盖丢了", at - timedelta(days=10), category="manhole"),
            cast.snap(at=at - timedelta(days=100)),
        ]
        Matter.objects.filter(pk=rows[1].matter.pk).update(
            stage="terminated", counts="no_result", closed_at=at
        )
        return [one.matter.number for one in rows]

    def test_the_last_ninety_days_newest_first(self, three):
        assert System().lists() == three[:2]

    def test_kind_and_status(self, three):
        anyone = System()
        assert anyone.lists(service_code="manhole,nothing") == [three[1]]
        assert anyone.lists(service_code="lamp,manhole") == three[:2]
        assert anyone.lists(status="open") == [three[0]] and anyone.lists(status="closed") == [three[1]]
        assert anyone.lists(status="open,closed") == three[:2]
        assert anyone.get("requests", status="done").status_code == 400

    def test_a_period(self, three):
        anyone, now = System(), timezone.now()
        long_ago = (now - timedelta(days=120)).isoformat()
        assert anyone.lists(start_date=long_ago) == [three[2]]
        assert anyone.lists(end_date=(now - timedelta(days=95)).isoformat()) == [three[2]]
        assert anyone.lists(start_date=(now - timedelta(days=20)).strftime("%Y-%m-%d")) == three[:2]
        for wrong in ({"start_date": long_ago, "end_date": now.isoformat()}, {"start_date": "yesterday"}):
            answer = anyone.get("requests", **wrong)
            assert answer.status_code == 400 and valid(answer.json(), "errors")
        assert anyone.get("requests", start_date=now.isoformat(), end_date=long_ago).status_code == 400

    def test_what_changed_since(self, cast, three):
        anyone, now = System(), timezone.now()
        take(Matter.objects.get(number=three[0]), "accept", by=cast.desk(), at=now)
        assert anyone.lists(updated_after=(now - timedelta(minutes=5)).isoformat()) == [three[0]]
        assert anyone.lists(updated_before=(now - timedelta(days=5)).isoformat()) == [three[1]]

    def test_ids_override_everything_else_and_empty_is_absent(self, three):
        anyone = System()
        both = anyone.lists(
            service_request_id=f"{three[2]}, {three[0]}", status="closed", start_date="nonsense"
        )
        assert both == [three[0], three[2]]
        assert anyone.lists(service_request_id="", status="", service_code="", start_date="") == three[:2]

    def test_a_thousand_ids_and_no_more(self, three):
        anyone = System()
        some = [f"261122-{n:04d}" for n in range(1000)]
        assert anyone.get("requests", service_request_id=",".join(some)).status_code == 200
        answer = anyone.get("requests", "xml", service_request_id=",".join([*some, "261122-1000"]))
        assert answer.status_code == 400 and "1001" in as_json(answer.content)[0]["description"]

    def test_pages(self, three):
        anyone = System()
        assert anyone.lists(page_size=1) == [three[0]] and anyone.lists(page_size=1, page=2) == [three[1]]
        assert anyone.lists(page_size=1, page=3) == [] and anyone.lists(page=1000) == []
        for wrong in ({"page_size": 0}, {"page_size": 1001}, {"page": "x"}, {"page": "-1"}):
            assert anyone.get("requests", **wrong).status_code == 400


class TestStatements:
    def counted(self, system, path, **query):
        with CaptureQueriesContext(connection) as seen:
            assert system.get(path, **query).status_code == 200
        return len(seen)

    def test_a_list_costs_the_same_whatever_it_holds(self, cast):
        anyone, unit = System(), System(key_of(cast, "read"))
        for path, most in (("requests", 8), ("servicerequestupdates", 8)):
            for n in range(3):
                told = cast.snap(f"第{n}盏灯不亮", timezone.now())
                take(told.matter, "accept", by=cast.desk(), at=timezone.now())
            few = self.counted(anyone, path), self.counted(unit, path)
            for n in range(5):
                told = cast.snap(f"又第{n}盏灯不亮", timezone.now())
                take(told.matter, "accept", by=cast.desk(), at=timezone.now())
            assert (self.counted(anyone, path), self.counted(unit, path)) == few and max(few) <= most


class TestNo:
    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_it_comes_in_the_form_asked_for(self, cast, form):
        anyone = System()
        for path in ("requests/261122-9999", "tokens/abc", "nothing", "requests/1/2"):
            answer = anyone.get(path, form)
            assert answer.status_code == 404, path
            if form == "json" and path != "nothing" and path != "requests/1/2":
                assert valid(answer.json(), "errors")[0]["code"] == 404
            else:
                assert as_json(answer.content)[0]["code"] == "404"

    def test_another_method_is_named_with_those_that_go(self, cast):
        answer = System().client.delete("/open311/v2/requests.json")
        assert answer.status_code == 405 and set(answer["Allow"].split(", ")) == {"GET", "POST"}
        assert valid(answer.json(), "errors")

    def test_a_wrong_key_reads_nothing(self, cast):
        answer = System("guess").get("requests")
        assert answer.status_code == 403 and valid(answer.json(), "errors")[0]["code"] == 403

    def test_other_origins_read_only_where_the_setting_says_so(self, cast, settings):
        anyone = System()
        assert "Access-Control-Allow-Origin" not in anyone.get("services")
        settings.OPEN311_ORIGIN = "https://map.example"
        assert anyone.get("services")["Access-Control-Allow-Origin"] == "https://map.example"
        asked = anyone.client.options("/open311/v2/requests.json")
        assert asked.status_code == 204 and "POST" in asked["Access-Control-Allow-Methods"]

    def test_who_asks_without_end_waits(self, cast, monkeypatch):
        monkeypatch.setattr(callers, "rule", lambda table, key: 3)
        anyone = System()
        assert [anyone.get("requests").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert anyone.get("requests")["Retry-After"]
        few = System(key_of(cast, "read", per_hour=2))
        assert [few.get("requests").status_code for _ in range(3)] == [200, 200, 429]
