"""What the last release wrote goes on under today's code: migrated, sound, seen on the pages, acted on.

Each release adds its data under ``tests/releases`` (``tests/releases/snapshot.py``). On SQLite it is migrated where it
lies; on PostgreSQL it is carried over by ``gongzhi move``, as a district does that has outgrown SQLite.
"""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
RELEASES = Path(__file__).resolve().parents[1] / "releases"
VERSIONS = sorted(path.parent.name for path in RELEASES.glob("*/data.tar.xz"))
LOOK = """
import json, django
django.setup()
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger.verify import verify
from gongzhi.kernel.models import Entry, Matter, Person, Receipt, Words
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.site import prepare
at, said = timezone.now(), {"faults": prepare.faults(), "pages": {}}
def accepted():
    for matter in Matter.objects.filter(stage="submitted").order_by("pk"):
        for login in ("desk", "clerk", "street"):
            try:
                by = as_mandate(Person.objects.get(login=login), None, at)
                return take(matter, "accept", by=by, at=at, key=f"{matter.pk:032x}")
            except Refusal:
                continue
entry = accepted()
said["accepted"] = entry is not None and entry.seq > 1
old = Matter.objects.exclude(pk=entry.matter_id).exclude(closed_at=None).order_by("pk").first()
take(old, "forget_contact", by=Acting.clock(), at=at)
said["forgotten"] = Receipt.objects.get(matter=old).phone_enc is None
client = Client(SERVER_NAME="127.0.0.1")
def look(path):
    said["pages"][path] = client.get(path, follow=True).status_code
for path in ("/", "/seals/", "/api/v1/openapi.json", "/desk/login/"):
    look(path)
client.force_login(Person.objects.get(login="desk"))
for path in ("/desk/", "/command/", f"/desk/m/{entry.matter_id}/"):
    look(path)
report = verify(at=at)
print(json.dumps({**said, "sound": report.sound, "report": str(report), "entries": report.entries}))
"""


@pytest.fixture(params=VERSIONS)
def released(request: pytest.FixtureRequest, installation: dict[str, str]) -> dict[str, str]:
    """The data of a release, in the folder and the database of a fresh installation."""
    with tarfile.open(RELEASES / request.param / "data.tar.xz") as archive:
        archive.extractall(Path(installation["DATA"]).parent, filter="data")
    return installation | {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=300
    )


def gongzhi(environment: dict[str, str], *words: str) -> str:
    done = run(environment, "-m", "gongzhi.site.cli", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def without_server(environment: dict[str, str]) -> dict[str, str]:
    """The same installation on its SQLite file."""
    return {key: value for key, value in environment.items() if not key.startswith("DATABASE")}


def test_there_is_a_release_to_upgrade() -> None:
    assert VERSIONS


def test_a_released_installation_goes_on_under_todays_code(released: dict[str, str]) -> None:
    gongzhi(without_server(released), "migrate")
    if settings.TEST_DB == "postgres":
        target = released["DATABASE_URL"], released["DATABASE_OWNER_URL"]
        words = ["--to", target[0], "--owner", target[1], "--as", "王芳", "--reason", "换到 PostgreSQL"]
        gongzhi(without_server(released), "move", *words)
    said = gongzhi(released, "ledger", "verify")
    assert "台账完好" in said
    seen = run(released, "-c", LOOK)
    assert seen.returncode == 0, seen.stderr
    found = json.loads(seen.stdout.splitlines()[-1])
    assert found["faults"] == []
    assert found["accepted"] and found["forgotten"]
    assert set(found["pages"].values()) == {200}, found["pages"]
    assert found["sound"], found["report"]


def test_migrating_twice_changes_nothing(released: dict[str, str]) -> None:
    source = without_server(released)
    gongzhi(source, "migrate")
    before = (Path(source["DATA"]) / "gongzhi.sqlite3").read_bytes()
    gongzhi(source, "migrate")
    assert (Path(source["DATA"]) / "gongzhi.sqlite3").read_bytes() == before
