"""The roll: everybody who works here and every organisation, taken in from one workbook, whole or not at all.

:func:`plan` checks and writes nothing; :func:`take_in` writes what was planned, in one transaction, with its entries
in the register of people. What stands already is left as it is, so the same workbook twice adds nothing.
"""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.ledger import roll_posts, roll_units, staffing
from gongzhi.kernel.ledger.roll_cross import across
from gongzhi.kernel.ledger.roll_posts import Post
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import sheets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.people.sheets import BadSheets, Row
from gongzhi.kernel.territory.named import Names
from gongzhi.kernel.territory.packing import COMMON, pack_name

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0/o, 1/i/l
GROUPS, GROUP = 3, 4  # 12 of 31 signs: 59 bits
HANDS = 2  # passwords hashed at a time


@dataclass(frozen=True)
class Plan:
    """What a workbook adds: organisations, mandates, and who gets a first password (login → name)."""

    pack: Pack
    units: list[staffing.Founding]
    posts: list[Post]
    new_people: Mapping[str, str]
    second: str

    def sentence(self) -> str:
        """``3 个单位、12 个人、14 个任职``; how many rows stood already is not counted."""
        counts = ((len(self.units), "个单位"), (len(self.new_people), "个人"), (len(self.posts), "个任职"))
        return "、".join(f"{count} {unit}" for count, unit in counts if count)


@dataclass(frozen=True)
class TakenIn:
    """How much was added, and the file of first passwords (None when nobody is new)."""

    sentence: str
    passwords: Path | None


@dataclass
class FirstPasswords:
    """First passwords of new people: shown once, in a file; stored hashed."""

    shown: dict[str, str] = field(default_factory=dict)
    hashed: dict[str, str] = field(default_factory=dict)


def plan(path: Path, *, by: Acting, at: datetime, second: str = "") -> Plan:
    """Check a workbook against the register. Raises :class:`BadSheets` with every fault of every row."""
    return plan_rows(sheets.read(path), by=by, at=at, second=second)


def plan_rows(rows: Mapping[str, Sequence[Row]], *, by: Acting, at: datetime, second: str = "") -> Plan:
    """The same for rows that are read already (a form on a page is a workbook of one row)."""
    day = localtime(at).date()
    names_on = cache(Names)
    pack = pack_in_force(names_on(day))
    units = roll_units.Units(rows[sheets.UNITS], names_on(day), pack, day)
    roles = pack.table("roles")["role"]
    posts = roll_posts.read(rows[sheets.PEOPLE], units, roles, names_on, day)
    found = across(posts, by=by, at=at, roles=roles, second=second)
    if faults := _faults(rows):
        raise BadSheets(faults)
    return Plan(pack, units.new, found.added, found.new_people, second)


def take_in(wanted: Plan, *, by: Acting, at: datetime) -> TakenIn:
    """Write a plan. First passwords stand in a file only this user can read, on the disk before anything commits."""
    if not wanted.sentence():
        return TakenIn("", None)
    made = passwords(wanted.new_people)
    path = _passwords_file(wanted.new_people, made, at) if made.shown else None
    try:
        with transaction.atomic():
            rows = staffing.found(wanted.units, by=by, at=at)
            founded = {id(unit): row for unit, row in zip(wanted.units, rows, strict=True)}
            appointments = [_appointment(post, founded, made) for post in wanted.posts]
            roles = wanted.pack.table("roles")["role"]
            staffing.appoint(appointments, by=by, at=at, roles=roles, second=wanted.second)
    except BaseException:
        if path is not None:
            path.unlink(missing_ok=True)
        raise
    return TakenIn(wanted.sentence(), path)


def wording(pack: Pack) -> dict[str, Sequence[str]]:
    """What the template says may be filled in: labels of roles, kinds and duties."""
    duties = pack.table("duties")
    return {
        "职务": roll_units.labels(pack.table("roles")["role"]),
        "类别": roll_units.labels(duties["kind"]),
        "职责": roll_units.labels(duties["duty"]),
    }


def pack_in_force(names: Names) -> Pack:
    """The pack of the one district that stands; the common one where there is none yet, or several."""
    return packs.load(pack_name(names.districts[0]) if len(names.districts) == 1 else COMMON)


def _faults(rows: Mapping[str, Sequence[Row]]) -> list[sheets.Fault]:
    return [fault for title in (sheets.UNITS, sheets.PEOPLE) for row in rows[title] for fault in row.faults]


def _appointment(
    post: Post, founded: Mapping[int, Organisation], made: FirstPasswords
) -> staffing.Appointment:
    unit = post.unit if isinstance(post.unit, Organisation) else founded[id(post.unit)]
    return staffing.Appointment(
        post.login,
        post.name,
        post.role,
        post.since,
        post.area,
        unit,
        until=post.until,
        mobile=post.mobile,
        hashed=made.hashed.get(post.login, ""),
    )


def passwords(people: Mapping[str, str]) -> FirstPasswords:
    """A random password each, hashed before any transaction opens (a slow hash is meant to be slow)."""
    made = FirstPasswords({login: first_password() for login in people})
    with ThreadPoolExecutor(HANDS) as hands:
        made.hashed = dict(zip(made.shown, hands.map(make_password, made.shown.values()), strict=True))
    return made


def first_password() -> str:
    """A random first password, as it is read out and typed once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _passwords_file(people: Mapping[str, str], made: FirstPasswords, at: datetime) -> Path:
    """Where first passwords are printed, once: 0600, in a folder only this user can open."""
    path = private_folder("passwords") / f"{localtime(at):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.txt"
    lines = ["姓名\t登录名\t初始密码（当面交给本人；交完请删掉这个文件）"]
    lines += [f"{name}\t{login}\t{made.shown[login]}" for login, name in people.items()]
    write_whole(path, ("\n".join(lines) + "\n").encode())
    path.chmod(0o600)
    return path
