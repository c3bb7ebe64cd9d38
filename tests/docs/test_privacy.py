"""The notice names what is really there: every kind that is kept with its period, every personal field."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from gongzhi.kernel import packs
from gongzhi.kernel.packs.keeping import keeping

FOLDER = Path(__file__).parents[2] / "docs" / "privacy"
NOTICE = (FOLDER / "notice.md").read_text(encoding="utf-8")
PERSONAL = re.compile(
    r"_enc$|_tag$|^phone$|^login$|^password$|^last_login$|^(token|digits|share|browser)_hash$"
)
WRITTEN = {"Words": {"text"}, "Matter": {"place", "lat", "lon"}, "Attachment": {"digest"}, "Person": {"name"}}
OFFICES = {"Area", "Organisation"}  # their telephones are published, they are nobody's own


def personal_fields() -> Iterator[str]:
    """``Model.field`` of everything that belongs to a person."""
    for config in apps.get_app_configs():
        if config.name.startswith("gongzhi"):
            for model in config.get_models():
                for field in model._meta.get_fields():
                    named = field.name in WRITTEN.get(model.__name__, ())
                    if (
                        field.concrete
                        and model.__name__ not in OFFICES
                        and (named or PERSONAL.search(field.name))
                    ):
                        yield f"{model.__name__}.{field.name}"


def test_the_walk_finds_the_fields_everybody_knows() -> None:
    assert {"Receipt.phone_enc", "PhoneCode.phone_tag", "Person.login", "Words.text"} <= set(
        personal_fields()
    )


def test_the_notice_names_every_personal_field() -> None:
    assert [name for name in personal_fields() if f"`{name}`" not in NOTICE] == []


def test_the_notice_names_no_field_that_is_gone() -> None:
    there = {
        f"{model.__name__}.{field.name}"
        for config in apps.get_app_configs()
        if config.name.startswith("gongzhi")
        for model in config.get_models()
        for field in model._meta.get_fields()
    }
    assert [name for name in re.findall(r"`([A-Z]\w+\.\w+)`", NOTICE) if name not in there] == []


@pytest.mark.parametrize("name", list(keeping(packs.load("cn"))))
def test_the_notice_names_every_kind_that_is_kept_with_its_period(name: str) -> None:
    row = keeping(packs.load("cn"))[name]
    assert row.source and row.label in NOTICE
    table = NOTICE[NOTICE.index("## 9") :]
    assert re.search(rf"\| {re.escape(row.label)} \| {re.escape(row.words)} \|", table), (
        row.label,
        row.words,
    )


@pytest.mark.parametrize("page", ["impact-incidents.md", "impact-people.md"])
def test_an_assessment_answers_what_the_law_asks(page: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    for asked in ("合法、正当、必要", "风险", "相称", "结论", "负责人"):
        assert asked in text, asked


def test_the_files_an_assessment_points_to_are_there() -> None:
    root = FOLDER.parents[1]
    for page in FOLDER.glob("*.md"):
        for named in re.findall(
            r"`((?:kernel|domains|queries|tests|packs)/[\w/]+\.\w+)`", page.read_text("utf-8")
        ):
            places = [root / named, root / "gongzhi" / named, root / "gongzhi/domains/incidents" / named]
            assert any(one.exists() for one in places), (page.name, named)
