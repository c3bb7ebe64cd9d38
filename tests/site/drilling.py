"""What the drills share: commands, a place with photos, an empty place to restore into, a place that stands."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import postgres
from tests.site.test_nothing_is_lost import run as python
from tests.site.test_run import first_start

WHO = ["--as", "王芳", "--reason", "硬盘坏了"]
WITH_PHOTOS = """
import django, io, json; django.setup()
from PIL import Image
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import files, seal
from tests import cast
people = cast.build()
def photo(colour):
    raw = io.BytesIO(); Image.new("RGB", (64, 48), colour).save(raw, "JPEG"); raw.seek(0)
    return files.receive_photo("a.jpg", raw)
told = [people.snap(f"第{n}盏路灯不亮，找张老三", photos=(photo((n * 40, 9, 9)),)) for n in range(4)]
seal.seal(cast.clock("2026-11-20 10:00"))
print(json.dumps([one.matter.pk for one in told]))
"""
Place = dict[str, str]


@pytest.fixture
def fresh_place(tmp_path: Path) -> Iterator[Callable[[Place, str], Place]]:
    """An empty place to restore into: its own folder, and on PostgreSQL its own database."""
    made: list[str] = []

    def make(like: Place, name: str) -> Place:
        place = like | {"DATA": str(tmp_path / name)}
        if settings.TEST_DB == "postgres":
            made.append(f"gongzhi_{name}_{os.getpid()}")
            one = postgres.make_database(made[-1])
            place |= {
                "DATABASE_URL": one.url(postgres.APPLICATION),
                "DATABASE_OWNER_URL": one.url(postgres.OWNER),
            }
        return place

    yield make
    for database in made:
        postgres.drop_database(database)


def gongzhi(environment: Place, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongzhi.site.cli", *[str(word) for word in words]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)


def backed_up(environment: Place, folder: Path, *more: object) -> Path:
    time.sleep(1 - time.time() % 1)  # a backup is named by its second: two in one are refused
    done = gongzhi(environment, "backup", folder / "backups", "--keys", folder / "keys", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "别和上面的放在一处" in done.stdout
    return max((folder / "backups").iterdir())


def restored(environment: Place, folder: Path, journal: Path, which: Path | None = None) -> str:
    words = ["--keys", folder / "keys", "--deletions", journal, *WHO]
    done = gongzhi(environment, "restore", which or folder / "backups", *words)
    return f"{done.stdout}{done.stderr}{done.returncode}"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Path]]:
    """A small place that stands for the tests below, and the folder with one backup of it; they leave both as found."""
    folder = tmp_path_factory.mktemp("standing")
    known = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "DJANGO"))}
    known["DATA"], database = str(folder / "data"), f"gongzhi_standing_{os.getpid()}"
    if settings.TEST_DB == "postgres":
        made = postgres.make_database(database)
        known |= {
            "DATABASE_URL": made.url(postgres.APPLICATION),
            "DATABASE_OWNER_URL": made.url(postgres.OWNER),
        }
    first_start(known)
    python(known, WITH_PHOTOS)
    backed_up(known, folder)
    yield known, folder
    if settings.TEST_DB == "postgres":
        postgres.drop_database(database)


@pytest.fixture
def town(standing: tuple[Place, Path]) -> Place:
    return standing[0]


@pytest.fixture
def kept(standing: tuple[Place, Path]) -> Path:
    """The one backup of the small place."""
    return next((standing[1] / "backups").iterdir())


@pytest.fixture
def folder(standing: tuple[Place, Path]) -> Path:
    return standing[1]
