"""Keep the data of a release, so that every later one is tested on it: ``python tests/releases/snapshot.py 0.1.0``.

Run it in the checkout of the release that is tagged. It loads three days of the demonstration (real territory,
fictional people), works the jobs off once (seals, deliveries, roll-ups) and packs database, files, seals and the
demonstration's keys into ``tests/releases/<version>/data.tar.xz``. Nothing in it is secret, nobody in it is real.
"""

import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIMIT = 600_000  # bytes
LEFT_OUT = {"tmp", "logs", "static", "passwords", "outbox"}


def main(version: str) -> None:
    """Write the snapshot of the checkout one stands in."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for words in (["demo", "--days", "3"], ["jobs", "all"], ["ledger", "verify"]):
            environment = os.environ | {"DATA": str(data), "DEMO": "1"}
            subprocess.run([sys.executable, "-m", "gongzhi.site.cli", *words], env=environment, check=True)
        _slim(data / "gongzhi.sqlite3")
        target = HERE / version / "data.tar.xz"
        target.parent.mkdir(exist_ok=True)
        with tarfile.open(target, "w:xz", preset=9) as archive:
            archive.add(data, "data", filter=_wanted)
    size = target.stat().st_size
    print(f"{target.relative_to(HERE.parent.parent)}: {size:,} bytes")
    if size > LIMIT:
        sys.exit(f"more than {LIMIT:,} bytes; keep fewer days")


def _slim(database: Path) -> None:
    with sqlite3.connect(database, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode=DELETE")


def _wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    parts = Path(member.name).parts
    if (len(parts) > 1 and parts[1] in LEFT_OUT) or member.name.endswith((".lock", ".heartbeat")):
        return None
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main(sys.argv[1])
