"""A sheet of 50,000 hotline orders: dry run, import with progress, memory, and the second import that adds nothing.

    pytest tests/large/large_outer.py -s

The work is done in a child process, so that the memory measured is the importer's own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("GONGZHI_LARGE_ROWS", "50000"))
MOST_MB = 500
ROOT = Path(__file__).parents[2]


def in_child(folder: Path) -> dict[str, Any]:
    """Run :func:`measure` in a process of its own over an empty SQLite database; what it told."""
    environment = {
        **os.environ,
        "DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S603 our own module
        [sys.executable, "-c", "from tests.large.large_outer import measure; measure()"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure() -> None:
    """Check and carry a sheet over twice; prints seconds, counts and the highest resident memory as JSON."""
    import django

    django.setup()
    from django.core.management import call_command

    from gongzhi.domains.incidents.outer import batches, work
    from gongzhi.kernel.models import Matter
    from tests.cast import MORNING, build

    call_command("migrate", verbosity=0)
    cast, told = build(), dict[str, Any]()
    by = cast.centre()
    for form in ("xlsx", "csv"):
        data = _sheet(form)
        batch = batches.receive(f"工单.{form}", data, kind="orders", system="hotline", by=by, at=MORNING)
        began, spent = time.monotonic(), time.process_time()
        seen = _watched(batch, work)
        told[f"{form} check s"] = round(time.monotonic() - began, 1)
        told[f"{form} check cpu s"] = round(time.process_time() - spent, 1)
        batches.confirm(batch, by=by, at=MORNING)
        began, spent = time.monotonic(), time.process_time()
        seen += _watched(batch, work)
        told[f"{form} carry s"] = round(time.monotonic() - began, 1)
        told[f"{form} carry cpu s"] = round(time.process_time() - spent, 1)
        batch.refresh_from_db()
        told |= {f"{form} added": batch.added, f"{form} same": batch.same, f"{form} faults": batch.faults}
        told[f"{form} progress seen"] = seen
    told["matters"] = Matter.objects.count()
    told["MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(told))


def _watched(batch: Any, work: Any) -> int:
    """Let the job work while somebody looks at the page; how many different counts they saw."""
    import threading

    from django.db import connection

    from tests.cast import MORNING

    seen: set[tuple[str, int]] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.5):
            row = type(batch).objects.get(pk=batch.pk)
            seen.add((row.state, row.done))
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    work.work(MORNING)
    stop.set()
    watcher.join()
    batch.refresh_from_db()
    return len(seen)


def _sheet(form: str) -> bytes:
    from tests.outer.sheets import book, row, text

    kinds = ("路灯照明", "供热", "占道停车", "环境卫生")
    rows = [
        row(n, 诉求类别=kinds[n % 4], 诉求内容=f"第 {n} 户门口的灯不亮了，晚上看不见路，请尽快派人来修。")
        for n in range(ROWS)
    ]
    return book(rows) if form == "xlsx" else text(rows, encoding="gb18030")


def test_fifty_thousand_rows_fit_into_memory_and_come_once(tmp_path: Path) -> None:
    told = in_child(tmp_path)
    print(told)
    assert told["xlsx added"] == told["matters"] == ROWS and told["xlsx faults"] == 0
    assert told["csv added"] == 0 and told["csv same"] == ROWS
    assert told["xlsx progress seen"] > 3
    assert told["MB"] <= MOST_MB
