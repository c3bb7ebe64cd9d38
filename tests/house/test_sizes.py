"""A file has at most 300 lines and a function at most 30; exceptions stand with their reason in sizes.toml."""

import tomllib

from tests.house import sources

FILE, FUNCTION = 300, 30
FORBIDDEN = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "services",
    "service",
}
EXCEPTIONS = tomllib.loads((sources.ROOT / "tests/house/sizes.toml").read_text())


def long_files() -> dict[str, int]:
    found = {}
    for path in sources.of_kind(".py", ".ts"):
        if "/migrations/" not in sources.name(path):
            found[sources.name(path)] = len(path.read_text().splitlines())
    return {name: lines for name, lines in found.items() if lines > FILE}


def long_functions() -> dict[str, int]:
    found = {}
    for path in sources.written_by_hand():
        for function, lines in sources.functions(path):
            if lines > FUNCTION:
                found[f"{sources.name(path)}:{function}"] = lines
    return found


def test_no_file_is_too_long() -> None:
    too_long = long_files()
    assert {name: lines for name, lines in too_long.items() if name not in EXCEPTIONS["files"]} == {}
    assert [name for name in EXCEPTIONS["files"] if name not in too_long] == [], (
        "these are short enough by now"
    )


def test_no_function_is_too_long() -> None:
    too_long = long_functions()
    assert {name: lines for name, lines in too_long.items() if name not in EXCEPTIONS["functions"]} == {}
    assert [name for name in EXCEPTIONS["functions"] if name not in too_long] == [], (
        "these are short enough by now"
    )


def test_every_exception_says_why() -> None:
    for reasons in EXCEPTIONS.values():
        for name, reason in reasons.items():
            assert len(reason) > 20, f"{name}: say why in a sentence"


def test_no_module_is_named_for_nothing() -> None:
    named = [path for path in sources.of_kind(".py", ".ts") if FORBIDDEN & {path.stem, *path.parent.parts}]
    assert [sources.name(path) for path in named if path.is_relative_to(sources.ROOT / "gongzhi")] == []
