"""What keeps a page to itself: the content policy, tokens against foreign pages, flags of cookies, limits, files."""

import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gongzhi.domains.incidents.actions import Reported
from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel.models import Attachment, Matter
from gongzhi.kernel.people import limits
from tests.cast import Cast, fresh
from tests.portal.steps import WORDS, key_of, photo, reach_contact, say, send
from tests.workbench.sitting import PASSWORD, Clock, Desk, hour

__all__ = ["hour"]
pytestmark = pytest.mark.django_db
OUTSIDE = re.compile(r"^(?:https?:)?//(?!testserver)|^javascript:|^data:text", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    limits.forget()


class Inline(HTMLParser):
    """Collects what the policy forbids: scripts with a body, styles, handlers, addresses elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.in_script = tag == "script" and said.get("type") not in ("application/json", "importmap")
        if tag == "style":
            self.found.append("<style>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("src", "action", "formaction") and OUTSIDE.match(value or ""):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and (tag == "link" or (value or "").lower().startswith("javascript:")):
                self.found += [f"{tag} {value}"] if OUTSIDE.match(value or "") else []

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"script: {data.strip()[:60]}")


def answers(cast: Cast) -> dict[str, Any]:
    """A page of every kind, of every surface."""
    client, elder = Client(), Client()
    send(client, cast.areas["building"].pk, phone="13812341234", who_may_see="all")
    lamp, desk, worker = Matter.objects.get(), Desk(cast, "desk"), Desk(cast, "worker")
    street, pk = Desk(cast, "dispatcher").client, lamp.pk
    elder.post("/mode/", {"mode": "elder", "next": "/"})
    ours = ["/", "/report/", "/report/where/", "/report/where/?by=pick", "/report/where/?by=typed", "/call/"]
    ours += ["/find/", "/mine/", "/here/", "/worker/", "/seals/", "/privacy/", "/accessibility/", "/nowhere/"]
    ours += ["/supervision/", "/report/sent/", f"/follow/{lamp.number}/", f"/follow/{lamp.number}/add/"]
    ours += [f"/follow/{lamp.number}/{one}/" for one in ("withdraw", "share", "forget", "rate")]
    staff = ["", "all/", "report/", "report/?way=behalf", "me/", "identity/", "watch/looks/", f"m/{pk}/"]
    staff += [f"m/{pk}/print/", f"m/{pk}/do/decline/", "nowhere/"]
    found = {path: client.get(path) for path in ours} | {f"elder {p}": elder.get(p) for p in ours[:6]}
    found |= {f"/desk/{path}": desk.client.get(f"/desk/{path}") for path in staff}
    found |= {f"worker {path}": worker.client.get(f"/desk/{path}") for path in ("", f"m/{pk}/", "report/")}
    found |= {
        f"/command/{p}": street.get(f"/command/{p}") for p in ("", "list/?which=open", "grids/", "live/")
    }
    found["printed"] = desk.client.post(f"/desk/m/{pk}/print/", {"purpose": "file"})
    found["wrong"] = desk.take(lamp, "decline")
    found["login"] = Client().get("/desk/login/")
    return found


class TestEveryPage:
    def test_has_no_inline_script_or_style_and_a_policy_that_forbids_them(
        self, cast: Cast, hour: Clock
    ) -> None:
        seen = 0
        for path, answer in answers(cast).items():
            policy = answer["Content-Security-Policy"]
            assert "unsafe" not in policy and "default-src 'none'" in policy, path
            for directive in ("script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
                assert directive in policy, path
            assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY", path
            assert answer["Referrer-Policy"] == "same-origin", path
            if answer["Content-Type"].startswith("text/html") and answer.status_code != 302:
                seen += 1
                assert Inline(answer.content.decode()).found == [], path
        assert seen > 35

    def test_a_form_that_writes_carries_its_token(self, cast: Cast, hour: Clock) -> None:
        for path, answer in answers(cast).items():
            if answer["Content-Type"].startswith("text/html"):
                for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", answer.content.decode(), re.S):
                    assert "csrfmiddlewaretoken" in form, (path, form[:200])


ODD = [
    "inbox/?before=²",
    "all/?after=²",
    "all/?area=²",
    "all/?at=org:²",
    "notices/write/?corrects=²",
    "posters/?area=²",
]


@pytest.mark.parametrize("path", ODD)
def test_a_sign_that_looks_like_a_number_breaks_no_desk(cast: Cast, hour: Clock, path: str) -> None:
    assert Desk(cast, "desk").client.get(f"/desk/{path}").status_code in (200, 302, 404)


def test_nor_does_it_break_an_act(cast: Cast, hour: Clock) -> None:
    told = cast.snap()
    assert Desk(cast, "desk").take(told.matter, "accept", seen="²").status_code in (302, 409)


def _paths(patterns: Any = None, before: str = "/") -> list[str]:
    """Every address of the site with something plausible in its places."""
    found: list[str] = []
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += _paths(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            found.append(re.sub(r"<[^>]*>", "x", re.sub(r"<int:[^>]*>", "1", here)))
    return found


def test_no_address_takes_a_post_from_a_foreign_page(cast: Cast) -> None:
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(cast.people["desk"])
    machines = ("/api/", "/open311/")  # no cookie speaks there: a name or a key comes with each request
    paths = [path for path in _paths() if not path.startswith(machines)]
    assert len(paths) > 45
    for path in paths:
        answer = foreign.post(path, {"key": "0" * 32, "words": WORDS, "phone": "13812341234"})
        assert answer.status_code == 403 and "请再送一次" in answer.content.decode(), path
    assert not Matter.objects.exists()


class TestLimits:
    def test_over_the_limit_a_report_is_kept_and_marked(self, cast: Cast) -> None:
        for _ in range(limits.public()["number"].most + 2):
            send(Client(), cast.areas["grid"].pk, phone="13812341234", who_may_see="all")
        assert Matter.objects.count() == limits.public()["number"].most + 2
        assert Incident.objects.filter(over_limit=True).count() == 2

    def test_a_code_is_guessed_five_times_an_hour_from_one_place(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        right = {"number": told.matter.number, "digits": told.digits}
        for n in range(5):
            assert _guessed(told, n, f"2001:db8::{n}") == 422, "an IPv6 household is one place"
        assert Client(REMOTE_ADDR="2001:db8::9").post("/find/", right).status_code == 429
        other = cast.snap()
        found = {"number": other.matter.number, "digits": other.digits}
        assert Client(REMOTE_ADDR="2001:db8::9").post("/find/", found).status_code == 302
        assert Client(REMOTE_ADDR="10.0.0.1").post("/find/", right).status_code == 302, "nobody is shut out"
        hour.set("2026-11-20 11:01")
        assert Client(REMOTE_ADDR="2001:db8::9").post("/find/", right).status_code == 302

    def test_and_a_hundred_times_from_everywhere(self, cast: Cast, hour: Clock) -> None:
        told = cast.snap()
        assert {_guessed(told, n, f"10.0.{n}.1") for n in range(100)} == {422}
        assert _guessed(told, 100, "10.1.0.1") == 429
        hour.set("2026-11-20 11:01")
        assert _guessed(told, 101, "10.1.0.1") == 422

    def test_a_password_is_not_guessed_for_ever(self, cast: Cast, hour: Clock) -> None:
        desk = Desk(cast, "desk")
        codes = [_tried("desk", n, f"10.0.0.{n}").status_code for n in range(40)]
        assert codes == [422] * 39 + [429], "the desk's own first sign-in was one of the forty"
        last = _tried("desk", 42, "10.0.0.42", PASSWORD)
        assert last.status_code == 429 and "请过 10 分钟再试" in last.content.decode()
        assert desk.client.get("/desk/").status_code == 200, "who sits there is not thrown out"
        assert desk.sign_in().status_code == 302, "the device that knows the name stays open"
        hour.set("2026-11-20 10:15")
        assert _tried("desk", 43, "10.0.0.43", PASSWORD).status_code == 302

    def test_nor_by_one_address(self, cast: Cast, hour: Clock) -> None:
        Desk(cast, "desk")
        codes = [_tried("desk", n, "10.0.0.1").status_code for n in range(9)]
        assert codes == [422] * 8 + [429] and _tried("desk", 9, "10.0.0.1", PASSWORD).status_code == 429
        assert _tried("desk", 10, "10.0.0.2", PASSWORD).status_code == 302


def _guessed(told: Reported, n: int, address: str) -> int:
    said = {"number": told.matter.number, "digits": f"{n:012d}"}
    return int(Client(REMOTE_ADDR=address).post("/find/", said).status_code)


def _tried(login: str, n: int, address: str, password: str = "") -> Any:
    said = {"login": login, "password": password or f"wrong {n}"}
    return Client(REMOTE_ADDR=address).post("/desk/login/", said)


class TestCookies:
    def test_are_closed_to_scripts_and_foreign_pages(self, cast: Cast, hour: Clock) -> None:
        client = Client()
        send(client, cast.areas["grid"].pk, phone="13812341234", who_may_see="all")
        kept = {**client.cookies, **Desk(cast, "desk").client.cookies}
        assert {"gz_mine", "gongzhi", "gz_draft", "gz_sent"} <= set(kept)
        for name, morsel in kept.items():
            assert morsel["samesite"] in ("Lax", "Strict"), name
            assert name == "csrftoken" or name.startswith("gz_elder") or morsel["httponly"], name

    @pytest.mark.parametrize("name", ["gz_mine", "gz_seen", "gongzhi", "gz_draft"])
    def test_forged_ones_are_worth_nothing(self, cast: Cast, name: str) -> None:
        told, client = cast.snap(), Client()
        client.cookies[name] = "WzEsMiwzXQ:1tabcd:forged"
        assert client.get(f"/follow/{told.matter.number}/").status_code == 302
        assert client.get("/desk/").status_code == 302


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("照片.html", b"<html><script>alert(1)</script>"),
            ("照片.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
            ("照片.jpg", b"GIF89a<script>alert(1)</script>"),
            ("../../../../etc/passwd", b"root:x:0:0"),
        ],
    )
    def test_are_never_taken_by_their_name(
        self, cast: Cast, client: Client, name: str, content: bytes
    ) -> None:
        upload = SimpleUploadedFile(name, content, content_type="image/jpeg")
        answer = say(client, photos=[upload])
        assert answer.status_code == 422 and "不是照片" in answer.content.decode()
        assert "etc/" not in answer.content.decode()

    def test_are_served_as_what_they_were_made_into(self, cast: Cast) -> None:
        client = Client()
        photo_of_html = photo("page.html")
        photo_of_html.content_type = "text/html"
        one = reach_contact(client, cast.areas["grid"].pk, photos=photo_of_html)
        client.post("/report/contact/", {"key": one})
        matter, shot = Matter.objects.get(), Attachment.objects.get()
        answer = client.get(f"/follow/{matter.number}/file/{shot.pk}")
        assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../../etc/passwd",
            "/static/..%2f..%2f..%2fgongzhi/site/settings.py",
            "/static/gongzhi/../../../site/settings.py",
            "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/report/photo/../../../etc/passwd",
            "/desk/file/..%2f1",
            "/files/",
            "/media/",
            "/var/gongzhi.sqlite3",
        ],
    )
    def test_no_way_leads_out_of_the_folder(self, cast: Cast, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code in (404, 403, 400)
        assert b"SECRET_KEY" not in answer.content and b"root:" not in answer.content

    def test_too_many_at_once_are_a_sentence(self, cast: Cast) -> None:
        client = Client(raise_request_exception=False)
        one = key_of(client.get("/report/"))
        many = [photo(f"{n}.jpg") for n in range(25)]
        answer = client.post("/report/", {"key": one, "words": WORDS, "photos": many})
        assert answer.status_code == 400 and "一次选得太多" in answer.content.decode()
        machine = {"words": WORDS, "code": "LA3B7K2M", "photos": [photo(f"{n}.jpg") for n in range(25)]}
        said = client.post("/api/v1/reports", machine, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert said.status_code == 400 and "refusal" in said.json() and not Matter.objects.exists()

    def test_a_form_of_a_thousand_fields_too(self, cast: Cast) -> None:
        client = Client(raise_request_exception=False)
        told = cast.snap()
        answer = client.post("/find/", {f"f{n}": "1" for n in range(1000)})
        assert answer.status_code == 400 and "没送出去" in answer.content.decode()
        assert fresh(told).stage == "submitted"
