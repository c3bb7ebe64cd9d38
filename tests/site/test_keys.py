"""The cookie secret is made once, is the owner's alone, and stays."""

from pathlib import Path

from gongzhi.site import environment, keys


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = keys.cookie_secret(tmp_path)
    assert len(first) > 60
    assert keys.cookie_secret(tmp_path) == first
    assert (tmp_path / "keys" / "django.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert keys.cookie_secret(tmp_path / "one") != keys.cookie_secret(tmp_path / "two")


def test_a_database_is_named_by_a_url(tmp_path: Path) -> None:
    said = environment.database("postgres://app:s%40fe@db.example:5433/gongzhi?sslmode=require", tmp_path)
    assert (said["USER"], said["PASSWORD"], said["HOST"], said["PORT"]) == (
        "app",
        "s@fe",
        "db.example",
        "5433",
    )
    assert said["OPTIONS"] == {"sslmode": "require"}
    assert environment.database(None, tmp_path)["NAME"] == str(tmp_path / "gongzhi.sqlite3")
