"""The ledger refuses to be rewritten, and on PostgreSQL the application's role could not even try."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from gongzhi.kernel.ledger import triggers
from gongzhi.site import roles

postgres_only = pytest.mark.skipif(settings.TEST_DB != "postgres", reason="SQLite has no roles")


@pytest.mark.django_db
def test_every_trigger_stands_after_migration() -> None:
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_the_application_holds_no_power_beyond_its_own() -> None:
    assert roles.faults(connection) == []


@postgres_only
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_entry SET verb = 'x'",
        "DELETE FROM kernel_entry",
        "TRUNCATE kernel_entry CASCADE",
        "TRUNCATE kernel_matter CASCADE",
        "DELETE FROM kernel_seal",
        "UPDATE kernel_words SET text = ''",
        "ALTER TABLE kernel_entry DISABLE TRIGGER USER",
        "DROP TRIGGER keep_kernel_entry_update ON kernel_entry",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_the_application_cannot(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", [1, 2])
def test_a_transactional_test_leaves_nothing_behind(round: int) -> None:
    from gongzhi.kernel.models import Person

    assert Person.objects.count() == 0
    Person.objects.create_user("somebody", name="某人")
