"""Keys for other systems: hashed, limited, ended with their mandate."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.kernel.models import Mandate, Person, Token
from gongzhi.kernel.people import tokens

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def mandate():
    person = Person.objects.create_user("zhao", name="赵某")
    return Mandate.objects.create(person=person, role="hotline_clerk", since=NOW - timedelta(days=1))


def test_a_token_is_shown_once_and_kept_as_its_hash(mandate):
    token, text = tokens.issue("热线", mandate, verbs=["report", " read "], until=LATER)
    assert text not in (token.hash, token.name) and Token.objects.get().verbs == "read,report"
    bearer = tokens.bearer(text, NOW)
    assert bearer.acting.mandate == mandate and bearer.acting.person.login == "zhao"
    assert bearer.may("report") and bearer.may("read") and not bearer.may("accept")


def test_everything_means_what_the_mandate_may(mandate):
    _, text = tokens.issue("热线", mandate, verbs=["*"], until=LATER)
    assert tokens.bearer(text, NOW).may("accept")


def test_it_ends_on_its_day_with_its_mandate_and_with_its_person(mandate):
    token, text = tokens.issue("热线", mandate, verbs=["read"], until=LATER)
    assert tokens.bearer(text, LATER) is None
    assert tokens.bearer("guess", NOW) is None
    Mandate.objects.update(until=NOW - timedelta(hours=1))
    assert tokens.bearer(text, NOW) is None
    Mandate.objects.update(until=None)
    Person.objects.update(is_active=False)
    assert tokens.bearer(text, NOW) is None
    Person.objects.update(is_active=True)
    tokens.end(token, NOW)
    assert tokens.bearer(text, NOW) is None


def test_a_token_without_a_verb_is_none(mandate):
    with pytest.raises(ValueError):
        tokens.issue("热线", mandate, verbs=[" "], until=LATER)
