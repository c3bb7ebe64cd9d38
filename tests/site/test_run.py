"""``gongzhi run``: one command starts everything, one Ctrl-C stops it, and what it cannot do it says."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
RUN = [sys.executable, "-m", "gongzhi.site.cli", "run"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_start(environment: dict[str, str]) -> None:
    """An empty, real installation."""
    done = subprocess.run(
        [sys.executable, "-m", "gongzhi.site.cli", "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def running(environment: dict[str, str], port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [*RUN, "--port", str(port), *words]
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            child.terminate()
        child.wait(30)


def health(port: int, within: float = 60) -> dict[str, object]:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server never became ready")


def screen_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    lines: list[str] = []
    for line in child.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_it_starts_says_where_to_go_and_stops_on_ctrl_c(installation: dict[str, str]) -> None:
    first_start(installation)
    port = free_port()
    began = time.monotonic()
    with running(installation, port) as child:
        shown = screen_of(child)
        assert time.monotonic() - began < 60
        assert f"http://127.0.0.1:{port}/" in shown
        assert "synchronous=FULL" in shown or "synchronous_commit=on" in shown
        said = health(port)
        assert (said["ok"], said["triggers"], said["jobs"]) == (True, "ok", "ok")
        below = children_of(child.pid)
        assert len(below) == 2
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
        assert not answers(port)
        assert not any(alive(pid) for pid in below)


def test_a_killed_supervisor_leaves_nothing_behind(installation: dict[str, str]) -> None:
    first_start(installation)
    port = free_port()
    with running(installation, port) as child:
        screen_of(child)
        below = children_of(child.pid)
        child.kill()
        until = time.monotonic() + 20
        while any(alive(pid) for pid in below) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(alive(pid) for pid in below)


def test_a_killed_web_server_is_started_again(installation: dict[str, str]) -> None:
    first_start(installation)
    port = free_port()
    with running(installation, port) as child:
        screen_of(child)
        web = next(pid for pid in children_of(child.pid) if "web" in Path(f"/proc/{pid}/comm").read_text())
        os.killpg(web, signal.SIGKILL)
        time.sleep(1.5)
        assert health(port)["ok"]


def refused(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([*RUN, *words], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_in_use_is_named(installation: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} is in use" in refused(installation, "--port", str(port))


def test_a_data_folder_that_cannot_be_written_is_named(installation: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = refused(installation | {"DATA": str(tmp_path / "file" / "data")}, "--port", str(free_port()))
    assert "cannot write to the data folder" in said
    assert "DATA=/some/dir" in said


def test_a_real_deployment_refuses_demonstration_data(installation: dict[str, str]) -> None:
    first_start(installation)
    mark = "import django; django.setup(); from gongzhi.site import prepare; prepare._mark_demonstration()"
    settings = {"DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}
    subprocess.run([sys.executable, "-c", mark], env=installation | settings, check=True, timeout=60)
    assert "demonstration data" in refused(installation, "--port", str(free_port()))
