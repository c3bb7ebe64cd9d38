"""Static files are gathered once, named by their content, and found under their own names where they were not."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from gongzhi.site import static


@pytest.fixture
def gathered(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> static.Kept:
    settings.STATIC_ROOT = tmp_path / "static"
    kept = static.Kept()
    monkeypatch.setattr(staticfiles_storage, "_wrapped", kept)
    assert static.gather()
    return kept


def test_a_gathered_file_is_named_by_its_content_and_compressed(gathered: static.Kept) -> None:
    url = gathered.url("gongzhi/house.css")
    assert url.startswith("/static/gongzhi/house.") and url != "/static/gongzhi/house.css"
    assert (Path(gathered.location) / (url.removeprefix("/static/") + ".gz")).exists()


def test_nothing_is_gathered_twice(gathered: static.Kept) -> None:
    assert not static.gather()


def test_a_file_that_was_not_gathered_keeps_its_name(tmp_path: Path, settings) -> None:
    settings.STATIC_ROOT = tmp_path / "nothing"
    assert static.Kept().url("gongzhi/house.css") == "/static/gongzhi/house.css"
