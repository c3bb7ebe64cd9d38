"""Whether the tables of the doors hold together: questions of kinds. Pure."""

from collections.abc import Callable, Iterator

from gongzhi.kernel.packs.check_tables import rows, strangers
from gongzhi.kernel.packs.pack import Pack

__all__ = ["DOOR_CHECKS"]

QUESTION_TYPES = ("string", "number", "choice", "multi", "date")


def questions(pack: Pack) -> Iterator[str]:
    """Further questions hang on kinds that exist, say what for, and stop only at answers they have."""
    known = {**rows(pack, "categories", "leaf"), **rows(pack, "categories", "branch")}
    for key, row in rows(pack, "questions", "question").items():
        say = f"问题“{row.get('label', key)}”（{key}）"
        yield from strangers(row.get("of", ()), known, f"{say}的 of", "类别表")
        if row.get("type") not in QUESTION_TYPES:
            yield f"{say}的 type 写成“{row.get('type')}”，只能是 {'、'.join(QUESTION_TYPES)}。"
        if not row.get("why"):
            yield f"{say}没有写为什么问（why）；没人用的不问。"
        if row.get("type") in ("choice", "multi") and not row.get("choices"):
            yield f"{say}是选择题，没有写 choices。"
        yield from strangers(row.get("stop", {}), row.get("choices", {}), f"{say}的 stop", "它的选项")


DOOR_CHECKS: tuple[Callable[[Pack], Iterator[str]], ...] = (questions,)
