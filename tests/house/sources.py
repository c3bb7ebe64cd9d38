"""What the house consists of: its files, its functions, its models."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def committed() -> tuple[Path, ...]:
    """Every file that is committed or about to be (what .gitignore leaves out is not the house)."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return tuple(sorted(ROOT / name for name in listed if name and (ROOT / name).is_file()))


def name(path: Path) -> str:
    """A path as it is called in the repository."""
    return path.relative_to(ROOT).as_posix()


def of_kind(*endings: str, under: str = "") -> list[Path]:
    """Committed files with one of the endings, below a folder."""
    return [path for path in committed() if path.suffix in endings and name(path).startswith(under)]


def written_by_hand(under: str = "gongzhi/") -> list[Path]:
    """Python of the product: no tests, no migrations."""
    skipped = ("/migrations/", "/tests/")
    return [path for path in of_kind(".py", under=under) if not any(part in name(path) for part in skipped)]


@cache
def tree(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name (with its class) and its lines, without decorators and docstring."""

    def walk(node: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{prefix}{child.name}", _lines(child)
                yield from walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{prefix}{child.name}.")
            else:
                yield from walk(child, prefix)

    yield from walk(tree(path), "")


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    whole = function.end_lineno - function.lineno + 1
    first = function.body[0]
    says = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return whole - ((first.end_lineno or 0) - first.lineno + 1 if says else 0)


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a method, with the whole chain it stands in, as text."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, ast.unparse(node.func)
