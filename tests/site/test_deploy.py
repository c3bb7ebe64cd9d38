"""What ``deploy/`` holds can be put on a machine: units parse and are tight, names are known, the roles can be made."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import postgres
from tests.house import sources

DEPLOY = sources.ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
OPERATION = (sources.ROOT / "docs/operation.md").read_text()
READ = re.compile(
    r"""(?:environ(?:\.get\(|\[)|environ\.setdefault\(|flag\(|words\(|_setting\()\s*["']([A-Z_]+)["']"""
)
NOT_OURS = {
    "DJANGO_SETTINGS_MODULE",
    "GONGZHI_WORKER",
    "PROMETHEUS_MULTIPROC_DIR",
    "GONGZHI_TEST_DB",
    "CHINA_DIVISION",
}


def names_read() -> set[str]:
    """Every name the product reads from its surroundings."""
    found: set[str] = set()
    for path in sources.written_by_hand():
        if path.name != "settings_test.py":
            found |= set(READ.findall(path.read_text()))
    return found


def set_in(path: Path) -> set[str]:
    """The names an environment file sets, those in comments too."""
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", path.read_text(), re.M))


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.env.example")), ids=lambda path: path.name)
def test_every_name_that_is_set_is_read(path: Path) -> None:
    assert set_in(path) <= names_read(), set_in(path) - names_read()


def test_every_name_that_is_read_is_explained() -> None:
    assert {name for name in names_read() - NOT_OURS if f"`{name}`" not in OPERATION} == set()


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_as_nobody_special_and_writes_where_it_must(path: Path) -> None:
    said = unit(path)["Service"]
    assert (said["User"], said["UMask"], said["ProtectSystem"]) == ("gongzhi", "0077", "strict")
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "LockPersonality"):
        assert said[name] == "yes"
    assert said["CapabilityBoundingSet"] == "" and said["SystemCallFilter"] == "@system-service"
    assert "/srv/gongzhi-journal" in said["ReadWritePaths"]
    command = said["ExecStart"].split()
    assert command[0] == "/opt/gongzhi/.venv/bin/gongzhi"


def test_what_a_service_calls_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    from gongzhi.site import cli

    for path in SERVICES:
        words = unit(path)["Service"]["ExecStart"].split()[1:]
        assert cli.parser().parse_args(words).handler


def test_the_web_processes_never_know_the_owner() -> None:
    assert "owner.env" not in (DEPLOY / "systemd/gongzhi.service").read_text()
    assert "DATABASE_OWNER_URL" not in set_in(DEPLOY / "gongzhi.env.example")
    assert "owner.env" in (DEPLOY / "systemd/gongzhi-migrate.service").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", path.read_text(), flags=re.M)
        (tmp_path / path.name).write_text(re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.M))
    words = ["systemd-analyze", "verify", *[str(tmp_path / path.name) for path in UNITS]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "gongzhi" in line and "Failed to" not in line]
    assert ours == [], done.stderr


def test_the_proxy_lets_reports_through_and_keeps_figures_and_tokens_in() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    said = re.sub(r"#.*", "", text)
    assert said.count("{") == said.count("}")
    assert all(re.search(r"[;{}]\s*$", line) for line in said.splitlines() if line.strip())
    assert re.search(r'POST\s+"";', said) and "client_max_body_size      128m;" in said
    assert "location = /metrics { return 404; }" in said
    assert said.count("access_log off;") == 2 and "X-Forwarded-For   $remote_addr;" in said


def test_the_roles_can_be_made_and_the_application_owns_nothing() -> None:
    """Every statement but the database itself, in a transaction that is taken back."""
    text = re.sub(r"^(--|\\).*$", "", (DEPLOY / "postgresql.sql").read_text(), flags=re.M)
    suffix = "_deploy_test"
    name = f"gongzhi{suffix}"
    text = re.sub(r"\bgongzhi(_owner|_app)?\b", lambda found: f"{found[0]}{suffix}", text)
    made = [one.strip() for one in text.split(";") if one.strip()]
    postgres.make_database(name)
    try:
        with (
            postgres.server().connect(database=name) as connection,
            connection.transaction(force_rollback=True),
        ):
            for statement in made:
                if not statement.startswith("CREATE DATABASE"):
                    connection.execute(statement)
            rows = connection.execute(
                "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE %s ORDER BY 1",
                [f"%{suffix}"],
            ).fetchall()
            assert rows == [(f"gongzhi_app{suffix}", False, False), (f"gongzhi_owner{suffix}", False, False)]
            may = "SELECT has_schema_privilege(%s, 'public', 'CREATE')"
            assert connection.execute(may, [f"gongzhi_app{suffix}"]).fetchone() == (False,)
    finally:
        postgres.drop_database(name)
