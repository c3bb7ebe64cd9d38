"""What each subcommand of ``gongzhi`` does; imports come late, so that help needs no database."""

import argparse
import json
from typing import Any

import django

from gongzhi import __version__
from gongzhi.site.failures import Refused

Said = argparse.Namespace


def run(said: Said) -> int:
    """Start everything and stay until stopped."""
    from gongzhi.site import run as running

    return running.run(said.host, said.port, demo=said.demo)


def demo(said: Said) -> int:
    """Load the demonstration district into an empty database."""
    from gongzhi.site import prepare

    prepare.database()
    print(prepare.demonstration(days=said.days) or "the demonstration stands already; nothing was changed")
    return 0


def place_new(said: Said) -> int:
    """Build a place from its division code."""
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from gongzhi.kernel.ledger import registers
    from gongzhi.kernel.people.acting import Acting
    from gongzhi.kernel.territory import place

    by, at = Acting.operator(said.operator, said.reason), timezone.now()
    with transaction.atomic():
        facts = {"command": "place new", "division": said.division, "pack": said.pack}
        registers.record("access", "operator_session", by=by, at=at, facts=facts)
        summary = place.build(said.division, said.pack, by=by, at=at)
    for warning in summary.warnings:
        print(warning)
    print(
        summary.sentence()
        if summary.created
        else f"{summary.district.name} stands already; nothing was changed"
    )
    return 0


def pack_check(said: Said) -> int:
    """Print every fault of the named packs (all of them without a name)."""
    django.setup()
    from gongzhi.kernel.packs import check, shelf

    found = 0
    for name in said.names or shelf.names():
        faults = [str(fault) for fault in check.check(name)]
        found += len(faults)
        print(f"{name}: " + (f"{len(faults)} faults" if faults else "sound"))
        for fault in faults:
            print(f"  {fault}")
    return 1 if found else 0


def pack_show(said: Said) -> int:
    """Print a merged pack, or one table of it."""
    django.setup()
    from gongzhi.kernel.packs import show

    print(show.show(said.name, said.table))
    return 0


def pack_diff(said: Said) -> int:
    """Print what differs between two packs."""
    django.setup()
    from gongzhi.kernel.packs import show

    print(show.diff(said.name, said.other))
    return 0


def process_draw(said: Said) -> int:
    """Print a process as Mermaid text."""
    django.setup()
    from gongzhi.kernel.process import draw

    print(draw.page(said.pack, said.name))
    return 0


def process_move(said: Said) -> int:
    """Carry running matters over to today's page of their process; say how many, and which were refused."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.people.acting import Acting
    from gongzhi.kernel.process.move import CannotMove, move

    stages = dict(pair.split("=", 1) for pair in said.stages)
    by, at = Acting.operator(said.operator, said.reason), timezone.now()
    try:
        outcomes = move(said.pack, said.name, stages, by=by, at=at)
    except CannotMove as fault:
        raise Refused(str(fault)) from None
    refused = [one for one in outcomes if one.refusal is not None]
    print(f"{len(outcomes) - len(refused)} moved, {len(refused)} refused")
    return 1 if refused else 0


def job_once(said: Said) -> int:
    """Run one job once and say how many things it did."""
    django.setup()
    from gongzhi.surfaces.jobs import loop

    print(f"{said.job}: {loop.once(said.job)}")
    return 0


def jobs_all(said: Said) -> int:
    """Run all jobs once, or round after round."""
    django.setup()
    from gongzhi.surfaces.jobs import loop

    if said.loop:
        from gongzhi.site import prepare

        if faults := prepare.faults():
            raise Refused("\n".join(faults))
        loop.forever()
        return 0
    outcomes = loop.every_job_once()
    print(json.dumps(outcomes))
    return 0 if set(outcomes.values()) == {"ok"} else 1


def ledger_verify(said: Said) -> int:
    """Check every chain and seal; exit status 1 when anything is wrong."""
    django.setup()
    from django.utils import timezone

    from gongzhi.kernel.ledger import verify

    report: Any = verify.verify(against=said.against, at=timezone.now())
    print(report)
    return 0 if report.sound else 1


def clock(said: Said) -> int:
    """Print when a term ends."""
    django.setup()
    from django.db import DatabaseError, connection

    from gongzhi.kernel.clock import command

    try:
        adopted = "kernel_calendaryear" in connection.introspection.table_names()
    except DatabaseError:
        adopted = False
    print(command.explain(said.start, said.term, said.pack, database=adopted))
    return 0


def migrate(said: Said) -> int:
    """Bring the database up to date and check who may do what in it."""
    from gongzhi.site import prepare

    prepare.database(verbosity=1)
    if faults := prepare.faults():
        raise Refused("\n".join(faults))
    print("the database is up to date; triggers and grants stand")
    return 0


def version(said: Said) -> int:
    """Print the version."""
    print(f"gongzhi {__version__}")
    return 0
