"""Two clients nobody here wrote, against the running server: ``georeport`` reads both forms, ``three`` writes too."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.test_open311_reading import valid
from tests.site.test_nothing_is_lost import run as python
from tests.site.test_run import first_start, free_port, health, running

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
A_PLACE = """
import django; django.setup()
from django.utils import timezone
from tests import cast
people = cast.build()
people.snap(at=timezone.now())
people.snap("井盖丢了", timezone.now(), category="manhole")
people.snap("楼上半夜放音响", timezone.now(), category="noise_home")
print("stands")
"""
WHO = ["--as", "王芳", "--reason", "协议"]


def gongzhi(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "gongzhi.site.cli", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def server(installation: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The endpoint of a server that runs, and a key made on the command line."""
    first_start(installation)
    python(installation, A_PLACE)
    said = ["open311", "key", "另一个平台", "--organisation", "区市政中心", "--verbs", "report,read,update"]
    key = gongzhi(installation, *said, *WHO).splitlines()[-1]
    assert "另一个平台" in gongzhi(installation, "open311", "keys")
    assert key not in gongzhi(installation, "open311", "keys")
    port = free_port()
    with running(installation, port):
        health(port)
        yield f"http://127.0.0.1:{port}/open311/v2", key
    gongzhi(installation, "open311", "revoke", "另一个平台", *WHO)
    assert "没有在用的钥匙" in gongzhi(installation, "open311", "keys")


def test_foreign_clients_read_and_write(server: tuple[str, str]) -> None:
    endpoint, key = server
    _georeport_reads(endpoint)
    _three_reads_and_writes(endpoint, key)


def _georeport_reads(endpoint: str) -> None:
    from georeport import GeoReport

    plain, marked = (GeoReport(endpoint, output_format=form) for form in ("json", "xml"))
    services = valid(plain.get_service_list(), "services")
    assert [one["service_code"] for one in marked.get_service_list()] == [
        one["service_code"] for one in services
    ]
    definition = valid(plain.get_service_definition("manhole"), "service-definition")
    codes = [one["code"] for one in marked.get_service_definition("manhole")["attributes"]["attribute"]]
    assert codes == [one["code"] for one in definition["attributes"]]
    found = valid(plain.get_service_requests(), "requests")
    assert sorted(one["service_code"] for one in found) == ["lamp", "manhole"]
    both = marked.get_service_requests(status="open")
    assert {one["service_request_id"] for one in both} == {one["service_request_id"] for one in found}
    number = found[0]["service_request_id"]
    for client in (plain, marked):
        one: Any = client.get_service_request(number)
        assert (one[0] if isinstance(one, list) else one)["service_request_id"] == number


def _three_reads_and_writes(endpoint: str, key: str) -> None:
    itertools.ifilter = filter  # type: ignore[attr-defined]  # what three 0.8.0 misses on Python 3
    import three

    client = three.Three(endpoint, api_key=key)
    assert valid(client.discovery(), "discovery")["endpoints"][0]["url"] == endpoint
    assert valid(client.services(), "services") and valid(client.services("manhole"), "service-definition")
    [told] = client.post("lamp", address="3号楼", description="东头的灯不亮", first_name="三", last_name="张")
    number = told["service_request_id"]
    [found] = valid(client.request(number), "requests")
    assert found["status"] == "open" and found["description"] is None
    [shot] = client.post("lamp", lat="40.95", long="117.75", description="灯杆歪了", media=_picture())
    listed = valid(client.requests("lamp", count=10), "requests")
    assert {number, shot["service_request_id"]} <= {one["service_request_id"] for one in listed}
    assert client.token("nothing")[0]["code"] == 404
    wrong = three.Three(endpoint, api_key="guess").post("lamp", address="3号楼", description="灯不亮")
    assert valid(wrong, "errors")[0]["code"] == 403
    assert json.dumps(listed).count("张") == 0


def _picture() -> Any:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    return ("灯.jpg", out.getvalue(), "image/jpeg")
