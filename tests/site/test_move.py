"""``gongzhi move``: a district that has outgrown SQLite goes on under PostgreSQL, and never under both."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.site.test_run import RUN, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
WHO = ["--as", "王芳", "--reason", "换到 PostgreSQL"]
FILL = """
import django; django.setup()
from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.ledger import seal
from tests import cast
people = cast.build()
told = [people.snap(f"第{n}盏路灯不亮") for n in range(3)]
take(told[0].matter, "withdraw", by=people.reporter(told[0]), at=cast.clock("2026-11-20 09:00"), key=cast.key())
seal.seal(cast.clock("2026-11-20 10:00"))
"""
AFTER = """
import django; django.setup()
from django.db import connection
from gongzhi.kernel.models import Matter, Organisation
from gongzhi.kernel.process import search
from gongzhi.site import prepare
from tests import cast
assert prepare.faults() == [], prepare.faults()
assert connection.vendor == "postgresql"
found = Matter.objects.filter(search.find("第2盏", at=cast.clock("2026-11-20 10:00")))
assert found.count() == 1
assert list(found.values_list("pk", flat=True)) == [int(open("ids").read())]
first = Organisation.objects.first()
Organisation.objects.create(name="又一个单位", short="又一个", kind="department", area_id=first.area_id)
print("goes on")
"""


def on_sqlite(data: Path) -> dict[str, str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "DJANGO"))}
    known |= {"DATA": str(data), "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}
    return known | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small place with three matters and a seal, on SQLite."""
    known = on_sqlite(tmp_path_factory.mktemp("built") / "data")
    assert gongzhi(known, "migrate").returncode == 0
    done = run(known, "-c", FILL)
    assert done.returncode == 0, done.stderr
    return Path(known["DATA"])


@pytest.fixture
def district(built: Path, tmp_path: Path) -> dict[str, str]:
    """The small place in a folder of its own."""
    return on_sqlite(Path(shutil.copytree(built, tmp_path / "data")))


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[postgres.Server]:
    name = f"gongzhi_move_{os.getpid()}"
    yield postgres.make_database(name)
    postgres.drop_database(name)


def run(environment: dict[str, str], *words: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=120, **more
    )


def gongzhi(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return run(environment, "-m", "gongzhi.site.cli", *words)


def moved(environment: dict[str, str], to: postgres.Server) -> subprocess.CompletedProcess[str]:
    url, owner = to.url(postgres.APPLICATION), to.url(postgres.OWNER)
    return gongzhi(environment, "move", "--to", url, "--owner", owner, *WHO)


def test_every_row_goes_over_and_only_the_target_serves(
    district: dict[str, str], server: postgres.Server, tmp_path: Path
) -> None:
    database = Path(district["DATA"]) / "gongzhi.sqlite3"
    with sqlite3.connect(database) as source:
        third = source.execute("SELECT max(id) FROM kernel_matter").fetchone()[0]
    (tmp_path / "ids").write_text(str(third))
    done = moved(district, server)
    assert done.returncode == 0, done.stderr
    assert "一行不差" in done.stdout and "台账完好" in done.stdout
    on_server = district | {
        "DATABASE_URL": server.url(postgres.APPLICATION),
        "DATABASE_OWNER_URL": server.url(postgres.OWNER),
    }
    assert "台账完好" in gongzhi(on_server, "ledger", "verify").stdout
    after = run(on_server, "-c", AFTER, cwd=tmp_path)
    assert "goes on" in after.stdout, after.stderr
    stale = run(district, *RUN[1:], "--port", str(free_port()))
    assert stale.returncode == 1 and "was moved to postgres://" in stale.stderr
    assert postgres.PASSWORD not in stale.stderr
    again = moved(district, server)
    assert again.returncode == 1 and "已经搬到" in again.stderr


def test_a_target_that_holds_something_is_left_alone(
    district: dict[str, str], server: postgres.Server
) -> None:
    with server.connect(postgres.OWNER, server.database) as owner:
        owner.execute("CREATE TABLE theirs (id int)")
    done = moved(district, server)
    assert done.returncode == 1 and "只能放进一个空的数据库" in done.stderr
    with server.connect(postgres.OWNER, server.database) as owner:
        assert owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)
    assert gongzhi(district, "ledger", "verify").returncode == 0


def test_a_running_server_is_not_moved_under_its_feet(
    district: dict[str, str], server: postgres.Server
) -> None:
    beat = "import django; django.setup(); from gongzhi.surfaces.jobs import heartbeat; heartbeat.beat({})"
    assert run(district, "-c", beat).returncode == 0
    done = moved(district, server)
    assert done.returncode == 1 and "服务还在运行" in done.stderr


def test_only_from_sqlite_to_postgresql(district: dict[str, str], server: postgres.Server) -> None:
    wrong = gongzhi(district, "move", "--to", "mysql://somewhere/x", *WHO)
    assert wrong.returncode == 1 and "postgres://" in wrong.stderr
    behind = district | {"DATABASE_URL": server.url(postgres.APPLICATION)}
    assert "只从 SQLite" in moved(behind, server).stderr


def test_a_changed_ledger_is_found_before_anybody_trusts_the_target(
    district: dict[str, str], server: postgres.Server
) -> None:
    with sqlite3.connect(Path(district["DATA"]) / "gongzhi.sqlite3") as source:
        source.execute("DROP TRIGGER keep_kernel_entry_update")
        source.execute("UPDATE kernel_entry SET verb = 'accept' WHERE verb = 'withdraw'")
    done = moved(district, server)
    assert done.returncode == 1 and "台账有" in done.stderr and "没有改用它" in done.stderr
