"""Nothing marks, groups or ranks persons (no field, no index, no query, no word in a pack)."""

import ast
import re

import pytest
from django.apps import apps
from django.db.models import Model

from tests.house import sources

MARKS = {
    "petition",
    "petitioner",
    "complainer",
    "complainant",
    "repeated",
    "unreasonable",
    "risk",
    "risky",
    "watch",
    "watched",
    "watchlist",
    "blacklist",
    "blacklisted",
    "difficult",
    "troublemaker",
    "sensitive",
    "vip",
    "score",
    "rank",
    "ranking",
    "rating_of",
    "profile",
    "religion",
    "faith",
    "belief",
    "health",
    "illness",
    "disease",
    "correction",
    "convict",
    "prisoner",
    "ethnicity",
    "colour",
    "color",
    "stability",
}
PAIRS = [
    "key_person",
    "key_household",
    "special_person",
    "special_group",
    "special_population",
    "person_tag",
    "person_kind",
]
WORDS = re.compile("重点人(员|群|口)|特殊人群|缠访|闹访|无理(取闹|上访)|黑名单|刁民|难缠|高风险人")
PERSON = re.compile(
    r"person|reporter|caller|household|family|phone|resident|actor|for_whom|\bties?\b|tie__|tie_id"
)


def our_models() -> list[type[Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("gongzhi")
        for model in config.get_models()
    ]


def test_no_field_marks_a_person() -> None:
    found = []
    for model in our_models():
        for field in model._meta.get_fields():
            words = set(field.name.lower().split("_"))
            if words & MARKS or any(pair in field.name for pair in PAIRS):
                found.append(f"{model.__name__}.{field.name}")
    assert found == []


def test_a_matter_has_no_column_for_who_reported_it() -> None:
    matter = apps.get_model("kernel", "Matter")
    columns = [field.name for field in matter._meta.get_fields() if field.concrete]
    assert [name for name in columns if re.search("reporter|caller|phone|household|family", name)] == []


def test_no_index_brings_a_persons_matters_together_by_kind() -> None:
    found = []
    for model in our_models():
        for index in [*model._meta.indexes, *model._meta.constraints]:
            fields = " ".join(str(name) for name in getattr(index, "fields", ()))
            if re.search("reporter|caller|household|family", fields):
                found.append(f"{model.__name__}: {fields}")
    assert found == []


def test_no_query_groups_by_a_person() -> None:
    found = []
    for path in sources.written_by_hand():
        for call, chain in sources.calls(path):
            if call.func.attr not in {"annotate", "aggregate"} or not re.search(r"\.values(_list)?\(", chain):
                continue
            grouped = " ".join(re.findall(r"\.values(?:_list)?\(([^()]*)", chain))
            if PERSON.search(grouped):
                found.append(f"{sources.name(path)}:{call.lineno} values({grouped})")
    assert found == []


def test_no_raw_statement_groups_by_a_person() -> None:
    found = []
    for path in sources.written_by_hand():
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for grouped in re.findall(
                    r"(?:GROUP|PARTITION)\s+BY\s+([^)\n;]*)", node.value, re.IGNORECASE
                ):
                    if PERSON.search(grouped):
                        found.append(f"{sources.name(path)}:{node.lineno} {grouped}")
    assert found == []


@pytest.mark.parametrize("under", ["packs/", "gongzhi/"])
def test_no_word_marks_a_person(under: str) -> None:
    found = []
    for path in sources.of_kind(".toml", ".py", ".html", ".ts", under=under):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if hit := WORDS.search(line):
                found.append(f"{sources.name(path)}:{number} {hit.group()}")
    assert found == []
