"""Packs: a place's way of doing things as data. Pure: files in, frozen tables and sentences out.

``load(name).get("terms.term.sign_in.length")`` is ``"1wd"``; ``check(name)`` names a pack's faults.
"""

from gongzhi.kernel.packs.pack import Pack, forget, load
from gongzhi.kernel.packs.shelf import PackError, names

__all__ = ["Pack", "PackError", "forget", "load", "names"]
