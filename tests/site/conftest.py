"""The keyboard of an operator, and a small place that stands already."""

import pytest

from gongzhi.site import cli
from tests.kernel.small_place import build_small
from tests.site.drilling import folder, fresh_place, kept, standing, town  # noqa: F401


@pytest.fixture
def small(db, monkeypatch):
    return build_small(monkeypatch)


@pytest.fixture
def gongzhi(capsys):
    def run(*words):
        status = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
