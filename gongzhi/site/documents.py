"""The pages of ``docs/generated``: written from what the house does, checked by a test, never by hand.

``python -m gongzhi.site.documents`` writes them anew.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import django

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "generated"
COMMON = "cn"
NOTE = "<!-- Made by `python -m gongzhi.site.documents`; change the pack or the code, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page, file name to Markdown text. Django must be set up."""
    from gongzhi.kernel.packs import load
    from gongzhi.kernel.process import draw

    drawn = {f"process-{name}.md": draw.page(COMMON, name) for name in load(COMMON).processes}
    made = {**drawn, "pack-keys.md": pack_keys(), "verbs.md": verbs(), "names-a-page-may-use.md": names()}
    return {name: NOTE + text.rstrip() + "\n" for name, text in sorted(made.items())}


def pack_keys() -> str:
    """What may stand in a pack: file by file, table by table, with what each key is called and used."""
    from gongzhi.kernel.packs import load
    from gongzhi.kernel.packs.keys import FILES, TABLES

    pack = load(COMMON)
    lines = [
        "# Pack keys",
        "",
        "Files of `packs/<name>/`. A key nobody reads is a fault of `gongzhi pack check`.",
        "",
    ]
    for file, title in FILES.items():
        where = f"{file}/*.toml" if file in ("processes", "calendar") else f"{file}.toml"
        lines += [f"## `{where}` {title}", ""]
        for (stem, table), keys in TABLES.items():
            if stem == file:
                head = "[<domain>.<id>]" if table == "*" else f"[{table}.<id>]"
                lines += [f"### `{head}`", "", "| key | 中文 | example |", "|---|---|---|"]
                rows = (
                    pack.pages["incident"].get(table, {})
                    if stem == "processes"
                    else pack.table(stem).get(table, {})
                )
                rows = pack.get("fields.incident", {}) if table == "*" else rows
                lines += [f"| `{key}` | {label} | {_example(rows, key)} |" for key, label in keys.items()]
                lines.append("")
    return "\n".join(lines)


def verbs() -> str:
    """Every action of every process of the common ground: its id, its name, what the resident is told."""
    from gongzhi.kernel.packs import load

    pack = load(COMMON)
    lines = [
        "# Verbs",
        "",
        "What stands as `verb` in the ledger. The resident's sentence is `texts.toml`'s.",
        "",
    ]
    for name in pack.processes:
        page = pack.pages[name]
        lines += [
            f"## {page['label']} (`{name}`)",
            "",
            "| verb | 中文 | the resident reads |",
            "|---|---|---|",
        ]
        for verb, action in page["action"].items():
            said = pack.get(f"texts.follow.{verb}.say", "—") if name == "incident" else "—"
            lines.append(f"| `{verb}` | {action['label']} | {said} |")
        lines.append("")
    return "\n".join(lines)


def names() -> str:
    """What a process page may name: roles and ties, guards, desks, fields, ladders and terms."""
    from gongzhi.kernel.packs import load
    from gongzhi.kernel.process import registry

    pack = load(COMMON)
    lines = ["# Names a process page may use", ""]
    lines += _labels("Roles (`by`, `desk`, `[sees]`)", pack.get("roles.role"))
    lines += _labels("Ties (`by`, `desk`, `[sees]`)", pack.get("roles.tie"))
    lines += _bodies(
        "Guards (`needs`; with `~` a denial hides the action instead of explaining it)", registry.GUARDS
    )
    lines += _bodies("Desks (`opens.desk`)", registry.DESKS)
    lines += _labels("Terms (`opens.term`)", pack.get("terms.term"))
    lines += _labels("Ladders (`opens.overdue`)", pack.get("terms.ladder"))
    lines += _labels("Fields of an incident (`asks`)", pack.get("fields.incident"))
    return "\n".join(lines)


def _labels(title: str, rows: Mapping[str, Mapping[str, str]]) -> list[str]:
    told = [f"| `{key}` | {row.get('label', '')} |" for key, row in rows.items()]
    return [f"## {title}", "", "| name | 中文 |", "|---|---|", *told, ""]


def _bodies(title: str, bodies: Mapping[str, Callable[..., object]]) -> list[str]:
    told = [f"| `{name}` | {_first_line(body)} |" for name, body in sorted(bodies.items())]
    return [f"## {title}", "", "| name | what it means |", "|---|---|", *told, ""]


def _first_line(body: Callable[..., object]) -> str:
    return (body.__doc__ or "").strip().split("\n")[0]


def _example(rows: Mapping[str, Mapping[str, object]], key: str) -> str:
    """The first value the common ground has for a key, cut short, as TOML would say it."""
    found = next((row[key] for row in rows.values() if isinstance(row, Mapping) and row.get(key)), None)
    return "—" if found is None else f"`{_short(''.join(_toml(found)))}`".replace("|", "\\|")


def _toml(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str):
        yield f'"{value}"'
    elif isinstance(value, Mapping):
        yield "{ " + ", ".join(f"{key} = {''.join(_toml(item))}" for key, item in value.items()) + " }"
    elif isinstance(value, list | tuple):
        yield "[" + ", ".join("".join(_toml(item)) for item in value) + "]"
    else:
        yield str(value)


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of pages that are missing, differ from what the house would write, or belong to nothing any more."""
    made = pages()
    standing = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in {*made, *standing} if made.get(name) != standing.get(name))


def write(folder: Path = FOLDER) -> list[str]:
    """Write the pages anew; names of those that changed."""
    changed = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name in changed:
        if name in made:
            (folder / name).write_text(made[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    django.setup()
    sys.stdout.write("".join(f"{name}\n" for name in write()) or "docs/generated is fresh\n")
