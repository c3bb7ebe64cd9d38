"""What every answer carries, and what never reaches a page."""

import json
import logging

import pytest
from django.test import Client, RequestFactory

from gongzhi.site import logs, middleware


@pytest.mark.django_db
def test_a_page_loads_only_our_own_files(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_a_demonstration_stays_out_of_search_engines(client: Client, settings) -> None:
    assert "X-Robots-Tag" not in client.get("/healthz")
    settings.DEMO = True
    assert client.get("/healthz")["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/at/all", "/api/v1/nowhere"])
def test_an_address_that_is_not_there_is_told_in_chinese(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.content.decode())


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(settings) -> None:
    settings.BODY_LIMIT = 100
    request = RequestFactory().post("/api/v1/reports", b"x" * 101, content_type="application/json")

    def never(request: object) -> None:
        raise AssertionError("the body must not be read")

    answer = middleware.body_limit(never)(request)
    assert answer.status_code == 413
    assert "太大" in json.loads(answer.content)["refusal"]


@pytest.mark.django_db
def test_a_form_gone_stale_is_told_in_a_sentence() -> None:
    answer = Client(enforce_csrf_checks=True).post("/healthz")
    assert answer.status_code == 403
    assert "刷新" in answer.content.decode()


def test_a_log_line_names_the_error_and_never_what_was_said() -> None:
    try:
        raise ValueError("住在三号楼的王女士 13800000000")
    except ValueError as failure:
        record = logging.LogRecord(
            "gongzhi.x", 40, __file__, 1, "job failed", None, (type(failure), failure, failure.__traceback__)
        )
    line = logs.Line().format(record)
    assert "13800000000" not in line
    assert json.loads(line)["error"] == "ValueError"
    assert "\n" not in line


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/n/%00/", "/follow/%00/", "/p/%00"])
def test_an_address_with_a_sign_no_database_keeps_leads_nowhere(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == 404 and "没有" in answer.content.decode()
