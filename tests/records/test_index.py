"""The way to every record stands on one page."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "left_out"),
    [("street_leader", ()), ("desk", ()), ("worker", ("daily", "statistics", "binder"))],
)
def test_each_hand_finds_the_way_to_its_records(cast: Cast, who: str, left_out: tuple[str, ...]) -> None:
    client = Client()
    client.force_login(cast.people[who])
    page = client.get("/desk/records/").content.decode()
    for name in ("daily", "month", "statistics", "binder", "typed"):
        assert (f'href="/desk/records/{name}/"' in page) is (name not in left_out), name
