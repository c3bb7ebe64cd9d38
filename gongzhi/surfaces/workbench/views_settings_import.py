"""从 Excel 导入: a dry run with every fault of every row, then the same workbook taken in, whole or not at all."""

import re
import secrets
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.ledger import registers, roll
from gongzhi.kernel.ledger.staffing import NotAppointed
from gongzhi.kernel.people import sheets
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.sheets import BadSheets
from gongzhi.kernel.territory.named import Names
from gongzhi.surfaces.workbench.administering import keeping, roles
from gongzhi.surfaces.workbench.hands import page

KEPT_FOR = 24 * 3600  # seconds a checked workbook waits to be confirmed
TOKEN = re.compile(r"[0-9a-f]{32}")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORDS = "roll_passwords"  # the session's key for the file of first passwords
NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}\.txt")
SHOWN = 20


@keeping("people")
def take_in(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The form; a workbook sent is checked and nothing written; a checked one confirmed is taken in."""
    if request.method != "POST":
        return _page(request, by, {})
    token = request.POST.get("checked", "")
    if token:
        return _confirmed(request, token, by, at)
    file = request.FILES.get("book")
    if file is None:
        return _page(request, by, {"general": ["还没有选文件。"]}, 422)
    if (file.size or 0) > sheets.LARGEST:
        return _page(request, by, {"general": [f"“{file.name}”超过 20 MB，不像是人员名单。"]}, 422)
    _sweep()
    token = secrets.token_hex(16)
    path = _kept(token, by)
    write_whole(path, b"".join(file.chunks()))
    return _checked(request, token, str(file.name), by, at)


def _checked(request: HttpRequest, token: str, name: str, by: Acting, at: datetime) -> HttpResponse:
    path = _kept(token, by)
    try:
        plan = roll.plan(path, by=by, at=at)
    except BadSheets as faults:
        path.unlink(missing_ok=True)
        return _page(request, by, _told(faults, path.name, name), 422)
    if not plan.sentence():
        path.unlink(missing_ok=True)
        return _page(request, by, {"name": name, "nothing": True})
    table = roles(by)
    said = {
        "name": name,
        "token": token,
        "sentence": plan.sentence(),
        "units": plan.units[:SHOWN],
        "posts": [(one, table[one.role]["label"]) for one in plan.posts[:SHOWN]],
        "more": max(len(plan.posts), len(plan.units)) > SHOWN,
        "newcomers": len(plan.new_people),
    }
    return _page(request, by, said)


def _told(faults: BadSheets, kept_as: str, name: str) -> dict[str, Any]:
    """The faults as a table; what concerns the whole file speaks of it by the name it came with."""
    general = [one.replace(kept_as, name) for one in faults.faults] if not faults.rows else []
    numbers = {(one.sheet, one.number) for one in faults.rows}
    text = "\n".join(faults.faults)
    return {"name": name, "general": general, "faults": faults.rows, "wrong_rows": len(numbers), "text": text}


def _confirmed(request: HttpRequest, token: str, by: Acting, at: datetime) -> HttpResponse:
    """The workbook that was checked is checked again and written, all of it."""
    path = _kept(token, by) if TOKEN.fullmatch(token) else None
    if path is None or not path.is_file():
        return _page(request, by, {"general": ["查过的那张表已经不在了（只留一天）。请再选一次文件。"]}, 422)
    try:
        done = roll.take_in(roll.plan(path, by=by, at=at), by=by, at=at)
    except BadSheets as faults:
        return _page(request, by, _told(faults, path.name, "刚才那张表"), 422)
    except NotAppointed as no:
        return _page(request, by, {"general": [str(no)]}, 422)
    path.unlink(missing_ok=True)
    request.session[PASSWORDS] = done.passwords.name if done.passwords else ""
    request.session["roll_done"] = done.sentence
    return redirect("workbench:settings_imported")


@keeping("people")
def imported(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What was added; the first passwords once, on the page or as a file."""
    name = request.session.get(PASSWORDS, "")
    path = private_folder("passwords") / name if NAME.fullmatch(name) else None
    there = path is not None and path.is_file()
    said: dict[str, Any] = {"done": request.session.get("roll_done", ""), "there": there}
    if request.method == "POST" and path is not None and there:
        data = path.read_bytes()
        registers.record("access", "first_passwords", by=by, at=at)
        path.unlink()
        request.session[PASSWORDS] = ""
        if request.POST.get("how") == "file":
            response = HttpResponse(data, content_type="text/plain; charset=utf-8")
            response["Content-Disposition"] = 'attachment; filename="first-passwords.txt"'
            response["Cache-Control"] = "no-store"
            return response
        lines = data.decode().splitlines()[1:]
        said |= {"there": False, "passwords": [line.split("\t") for line in lines]}
    return page(request, "settings/imported", by, {**said, "here": "people", "title": "导入好了"})


@keeping("people")
def template(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The empty workbook."""
    path = private_folder("rolls") / f"empty-{secrets.token_hex(8)}.xlsx"
    try:
        sheets.write_template(path, roll.wording(roll.pack_in_force(Names(at.date()))))
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    finally:
        path.unlink(missing_ok=True)
    response["Content-Disposition"] = (
        "attachment; filename=\"people.xlsx\"; filename*=UTF-8''%E4%BA%BA%E5%91%98.xlsx"
    )
    return response


def _page(request: HttpRequest, by: Acting, said: dict[str, Any], status: int = 200) -> HttpResponse:
    return page(request, "settings/import", by, {**said, "here": "people", "title": "从 Excel 导入"}, status)


def _kept(token: str, by: Acting) -> Path:
    """Where a checked workbook lies: readable by this process alone, found by its own sender alone."""
    assert by.person is not None
    return private_folder("rolls") / f"{by.person.pk}-{token}.xlsx"


def _sweep() -> None:
    """Remove workbooks that nobody confirmed within a day."""
    oldest = time.time() - KEPT_FOR
    for path in private_folder("rolls").glob("*.xlsx"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
