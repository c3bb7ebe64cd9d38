"""Before serving: the database brought up to date, its guards checked, the demonstration loaded or refused."""

from typing import Any

import django
from django.apps import apps
from django.conf import settings

DEMONSTRATION = "demonstration_loaded"


def database(verbosity: int = 0) -> None:
    """Migrate as the owner, then set triggers and grants. Quick when nothing is new."""
    if not apps.ready:
        django.setup()
    from django.core.management import call_command
    from django.db import connection

    from gongzhi.kernel.ledger import triggers
    from gongzhi.site import roles

    with roles.as_owner():
        if behind(connection):
            call_command("migrate", verbosity=verbosity, interactive=False)
        if triggers.missing(connection):
            triggers.install(connection)
        if settings.OWNER_URL and roles.application_role():
            roles.grant(connection, roles.application_role())


def behind(connection: Any) -> bool:
    """Whether the database is older than this code: migrations wait."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def faults(restoring: bool = False) -> list[str]:
    """Why this installation must not serve, as sentences; empty when it may. ``restoring``: a restore is at its end."""
    from django.db import connection

    from gongzhi.kernel.ledger import triggers
    from gongzhi.site import restore, roles

    found = [
        f"the ledger's trigger {name} is missing; run `gongzhi migrate`"
        for name in triggers.missing(connection)
    ]
    found += roles.faults(connection)
    found += _elsewhere(connection.vendor)
    if not restoring and (half := restore.pending(settings.DATA)):
        found.append(
            f"the restore of {half} into {settings.DATA} has not ended: what was deleted since could be seen again; "
            "run `gongzhi restore` anew into an empty place"
        )
    if not settings.DEMO and _holds_demonstration():
        found.append(
            f"there is demonstration data in {settings.DATA}, so a real deployment cannot start on it: "
            "choose an empty folder with DATA=/some/dir, or start the demonstration with DEMO=1"
        )
    return found


def _elsewhere(vendor: str) -> list[str]:
    """Why the data that lies here is not the data to serve."""
    from gongzhi.site import moving

    gone = moving.moved(settings.DATA) if vendor == "sqlite" else ""
    told = f"the data of {settings.DATA} was moved to {gone}; set DATABASE_URL and DATABASE_OWNER_URL"
    return [told] if gone else []


def demonstration(days: int | None = None) -> str:
    """Load the demonstration district into an empty database; gives back a sentence, "" when something stands."""
    from gongzhi.kernel.territory.models import Area

    if Area.objects.exists():
        return ""
    _mark_demonstration()
    return str(_demonstration().build(days=days))


def _mark_demonstration() -> None:
    """Say so in the ledger, which nobody can take back, before the first fictional row is written."""
    from django.utils import timezone

    from gongzhi.kernel.ledger import registers
    from gongzhi.kernel.people.acting import Acting

    by = Acting.operator("gongzhi demo", "demonstration data")
    registers.record("access", DEMONSTRATION, by=by, at=timezone.now())


def _holds_demonstration() -> bool:
    from gongzhi.kernel.ledger.models import Entry

    return Entry.objects.filter(register="access", verb=DEMONSTRATION, matter=None).exists()


def accounts() -> list[tuple[str, str, str, str]]:
    """The demonstration's accounts: sign-in name, password, name, what they are."""
    return list(_demonstration().accounts())


def _demonstration() -> Any:
    from gongzhi.surfaces.jobs import demo

    return demo
