"""Laying one pack's page over its parent's: tables merge by key, lists replace, ``remove`` deletes. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

__all__ = ["REMOVE", "Table", "freeze", "joined", "merged", "missing_removals", "thawed"]

REMOVE = "remove"


class Table(dict[str, Any]):
    """A table nobody can change: reads like a dict, refuses every write."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a pack is frozen; change its file")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __deepcopy__(self, memo: object) -> "Table":
        return self


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``over`` on ``under``; neither is changed. What ``over["remove"]`` names is gone."""
    gone = set(over.get(REMOVE, ()))
    result = {key: value for key, value in under.items() if key not in gone}
    for key, value in over.items():
        if key == REMOVE:
            continue
        below = result.get(key)
        if isinstance(value, Mapping):
            result[key] = merged(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two files of the same pack as one page: like :func:`merged`, but ``remove`` is kept for the parent below."""
    result = dict(one)
    for key, value in other.items():
        have = result.get(key)
        if key == REMOVE and isinstance(have, list):
            result[key] = [*have, *value]
        elif isinstance(value, Mapping) and isinstance(have, Mapping):
            result[key] = joined(have, value)
        else:
            result[key] = value
    return result


def freeze(value: Any) -> Any:
    """The same value with tables as :class:`Table` and lists as tuples, all the way down."""
    if isinstance(value, Mapping):
        return Table((key, freeze(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


def thawed(value: Any) -> Any:
    """The opposite of :func:`freeze`: plain dicts and lists, the caller's own."""
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [thawed(item) for item in value]
    return value


def missing_removals(under: Mapping[str, Any], over: Mapping[str, Any], where: str = "") -> Iterable[str]:
    """Yield the dotted names of keys ``over`` removes though ``under`` has none of that name."""
    for key in over.get(REMOVE, ()):
        if key not in under:
            yield f"{where}{key}"
    for key, value in over.items():
        if isinstance(value, Mapping):
            below = under.get(key)
            yield from missing_removals(below if isinstance(below, Mapping) else {}, value, f"{where}{key}.")
