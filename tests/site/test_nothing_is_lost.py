"""Fifty sends of one key make one matter; a server killed in the middle of a thousand sends loses none it acknowledged.

The server is a real one in processes of its own; what it acknowledged is what its client read as 201.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from tests.site.test_run import first_start, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
SERVER = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "8"]
ENOUGH = 200  # acknowledged before the server is killed
KILLED_AFTER = 200  # acknowledged reports
SET_UP = """
import django
django.setup()
from datetime import UTC, datetime
from gongzhi.kernel.people import tokens
from tests import cast
people = cast.build()
print(tokens.issue("sender", people.worker().mandate, verbs=["report"], until=datetime(2040, 1, 1, tzinfo=UTC))[1])
"""
COUNT = """
import django, json, sys
django.setup()
from django.db import connection
from gongzhi.kernel.models import Matter, Receipt
from gongzhi.kernel.ledger.verify import verify
numbers = set(Matter.objects.values_list("number", flat=True))
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA synchronous"); durable = f"synchronous={cursor.fetchone()[0]} (2 = FULL)"
    else:
        cursor.execute("SHOW synchronous_commit"); commit = cursor.fetchone()[0]
        cursor.execute("SHOW fsync"); durable = f"synchronous_commit={commit}, fsync={cursor.fetchone()[0]}"
print(json.dumps({"numbers": sorted(numbers), "sound": verify().sound, "durable": durable}))
"""


def run(environment: dict[str, str], code: str) -> str:
    given = {**environment, "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def server(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    given = {**environment, "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}
    words = [*SERVER, "--host", "127.0.0.1", "--port", str(port), "gongzhi.site.wsgi:application"]
    child = subprocess.Popen(
        words, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield child
    finally:
        kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    """kill -9 of the whole process group: no handler runs, nothing is flushed."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait(30)


def send(port: int, token: str, key: str, words: str) -> str | None:
    """The number the server acknowledged, or None."""
    boundary = "----gongzhi"
    fields = {"words": words, "code": "LA3B7K2M", "place": "3号楼", "channel": "patrol"}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = ("".join(parts) + f"--{boundary}--\r\n").encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": key,
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/reports", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(json.load(answer)["number"]) if answer.status == 201 else None
    except (OSError, ValueError):
        return None


@pytest.fixture
def prepared(installation: dict[str, str]) -> tuple[dict[str, str], str]:
    first_start(installation)
    return installation, run(installation, SET_UP)


def test_fifty_sends_of_one_key_make_one_matter(prepared: tuple[dict[str, str], str]) -> None:
    environment, token = prepared
    port, key = free_port(), str(uuid.uuid4())
    with server(environment, port), ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: send(port, token, key, "路灯不亮"), range(50)))
    assert len(set(answers)) == 1 and None not in answers
    assert json.loads(run(environment, COUNT))["numbers"] == [answers[0]]


def test_a_server_killed_during_a_thousand_sends_loses_no_acknowledged_one(
    prepared: tuple[dict[str, str], str],
) -> None:
    environment, token = prepared
    port = free_port()
    acknowledged: list[str] = []
    with server(environment, port) as child, ThreadPoolExecutor(8) as pool:

        def one(n: int) -> None:
            number = send(port, token, str(uuid.uuid4()), f"第 {n} 盏路灯不亮")
            if number is not None:
                acknowledged.append(number)
            if len(acknowledged) == KILLED_AFTER:
                kill(child)

        list(pool.map(one, range(1000)))
    after = json.loads(run(environment, COUNT))
    print(f"acknowledged {len(acknowledged)} of 1000, stored {len(after['numbers'])}, {after['durable']}")
    assert KILLED_AFTER <= len(acknowledged) < 1000
    assert set(acknowledged) <= set(after["numbers"])
    assert after["sound"]
