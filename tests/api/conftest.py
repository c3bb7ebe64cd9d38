"""``ask("desk")`` speaks as this person, with a token."""

import functools

import pytest

from tests.api.asking import spoken_by


@pytest.fixture
def ask(cast):
    return functools.partial(spoken_by, cast)
