"""``gongzhi``: the command line. Every subcommand has ``--help``; the work stands in ``gongzhi.site.commands``."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from gongzhi import __version__
from gongzhi.site import cli_open311, cli_operation, cli_posters, cli_records, cli_words
from gongzhi.surfaces.jobs.roster import JOBS

EPILOG = """\
environment:
  DATA                 data folder: database, keys, files, logs (default: var/ of the checkout)
  DATABASE_URL         postgres://role@host:port/name (default: a SQLite file in DATA)
  DATABASE_OWNER_URL   the role that owns the tables; migrations and grants run under it (PostgreSQL)
  DEMO                 1 = a demonstration: fictional people, every page says so
  OPEN311_ORIGIN       whose pages may read Open311 in a browser (default: nobody's)
  HOSTS, HTTPS         names the site answers to, comma-separated; 1 = served behind TLS
  SEAL_KEY             file:/path or command:program that signs seals (default: a demonstration key in DATA)
  SEAL_ADDRESS         where the daily seal goes
  WORKERS              web processes (default: 2)

exit status:
  0  done        1  refused, or found something wrong        2  wrong usage
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = cli_words.parser("gongzhi", "The system neighbourhoods are run on.", EPILOG)
    top.add_argument("--version", action="version", version=f"gongzhi {__version__}")
    sub = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in (
        _run,
        _demo,
        _place,
        cli_posters.add,
        cli_records.add,
        _people,
        _calendar,
        _token,
        cli_open311.add,
        _pack,
        _process,
        _jobs,
        _ledger,
        cli_operation.declare,
        _clock,
        _migrate,
        _version,
    ):
        add(sub)
    return top


def _run(sub: Any) -> None:
    more = (
        "Brings the database up to date, starts the web server and the background jobs, prints one screen that\n"
        "says where to go, and stops all of it on Ctrl-C. Refuses to start without the ledger's triggers, and\n"
        "a real deployment (DEMO off) with demonstration data in it."
    )
    does = "start everything: database, web server, background jobs"
    command = cli_words.add(
        sub, "run", does, "run", more, "DATA=/srv/gongzhi gongzhi run --port 8123\ngongzhi run --demo"
    )
    command.add_argument(
        "--host", default=os.environ.get("HOST", "127.0.0.1"), help="address (default: 127.0.0.1)"
    )
    port = int(os.environ.get("PORT") or 8000)
    command.add_argument("--port", type=int, default=port, help="port (default: $PORT or 8000)")
    command.add_argument(
        "--demo", action="store_true", help="load the demonstration district if the data is empty"
    )


def _demo(sub: Any) -> None:
    more = "Real territory, fictional people, ninety days of plausible matters. Only into an empty database."
    command = cli_words.add(
        sub, "demo", "load the demonstration district", "demo", more, "DATA=/tmp/try gongzhi demo"
    )
    command.add_argument(
        "--days", type=int, metavar="N", help="days of matters (default: what packs/demo.toml says)"
    )


def _place(sub: Any) -> None:
    group = cli_words.group(sub, "place", "the territory")
    more = (
        "Builds district, streets, communities and villages of a county-level division from the country's list\n"
        "of divisions, its outline, and schematic grids by the pack's rule. A place that stands is left alone."
    )
    example = 'gongzhi place new --division 130803 --pack cn --as "Wang Fang" --reason "first set-up"'
    command = cli_words.add(group, "new", "build a place from its division code", "place_new", more, example)
    command.add_argument("--division", required=True, metavar="CODE", help="six-digit county-level code")
    command.add_argument("--pack", default="cn", help="the pack that hangs on it (default: cn)")
    cli_words.operator(command)
    _outlines(group)


def _outlines(group: Any) -> None:
    within = "a district, street or community, by name or code (default: the one district)"
    more = (
        "A feature is matched by its property code, else by name. All or nothing; faults are told one by one."
    )
    example = 'gongzhi place outlines grids.geojson --crs GCJ-02 --as "Wang Fang" --reason "survey of 2026"'
    outlines = cli_words.add(
        group, "outlines", "take in real outlines", "opening.place_outlines", more, example
    )
    outlines.add_argument("file", metavar="FILE.geojson")
    outlines.add_argument("--crs", required=True, metavar="SYSTEM", help="WGS-84, GCJ-02 or BD-09")
    outlines.add_argument("--within", default="", metavar="AREA", help=within)
    cli_words.operator(outlines)
    more = "Old grids end that day, new ones succeed them; open matters are moved that day, closed ones stay."
    redraw = cli_words.add(group, "redraw", "draw a community's grids anew", "opening.place_redraw", more)
    redraw.add_argument("community", metavar="COMMUNITY", help="by name or code")
    redraw.add_argument("--grids", type=int, required=True, metavar="N", help="how many")
    redraw.add_argument(
        "--from", dest="first", required=True, metavar="DATE", help="first day of the new grids"
    )
    cli_words.operator(redraw)
    more = "Communities of unusual size, without committee, grids without worker. Exit status 1 while one is missing."
    check = cli_words.add(group, "check", "say where a place is not covered yet", "opening.place_check", more)
    check.add_argument("--within", default="", metavar="AREA", help=within)


def _people(sub: Any) -> None:
    group = cli_words.group(sub, "people", "who works here, and for which organisation")
    template = cli_words.add(group, "template", "write the empty workbook", "opening.people_template")
    template.add_argument("file", metavar="FILE.xlsx")
    more = (
        "Two sheets, people with mandates and organisations. Every fault is told with its row, and then nothing is\n"
        "written. What stands already is left as it is. First passwords go into a file under DATA, once."
    )
    example = 'gongzhi people import staff.xlsx --dry-run --as "Wang Fang" --reason "first set-up"'
    command = cli_words.add(
        group, "import", "take in people and organisations", "opening.people_import", more, example
    )
    command.add_argument("file", metavar="FILE.xlsx")
    command.add_argument("--dry-run", action="store_true", help="check only")
    second = "who decided with you on mandates over private kinds"
    command.add_argument("--second", default="", metavar="NAME", help=second)
    cli_words.operator(command)


def _calendar(sub: Any) -> None:
    group = cli_words.group(sub, "calendar", "working days")
    more = (
        "FILE: TOML with [off] and [work] as in a pack's calendar, or CSV with the columns 日期, 安排 (放假/上班),\n"
        "名称. Open deadlines are counted anew, and each change is told."
    )
    example = 'gongzhi calendar adopt 2027 --file 2027.csv --source "国办发明电〔2026〕…号" --pack cn --as … --reason …'
    command = cli_words.add(
        group, "adopt", "make a year official by its notice", "opening.calendar_adopt", more, example
    )
    command.add_argument("year", type=int, metavar="YEAR")
    command.add_argument("--file", required=True, metavar="FILE")
    command.add_argument("--source", required=True, metavar="TEXT", help="name and number of the notice")
    command.add_argument("--pack", required=True, metavar="PACK", help="for this pack and all that extend it")
    cli_words.operator(command)


def _token(sub: Any) -> None:
    group = cli_words.group(sub, "token", "keys for other systems")
    more = (
        "Bound to one mandate, limited to verbs, ended on a day; it never outlives its mandate. Shown once."
    )
    example = (
        "gongzhi token new 12345 --mandate zhao:hotline_clerk --verbs report,read --until 2027-12-31 --as …"
    )
    new = cli_words.add(group, "new", "give another system a key", "opening.token_new", more, example)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--mandate", required=True, metavar="LOGIN[:ROLE]", help="whom it speaks as")
    new.add_argument(
        "--verbs", required=True, metavar="VERBS", help="report, read, or actions, by commas; * for all"
    )
    new.add_argument("--until", required=True, metavar="DATE", help="its last day")
    cli_words.operator(new)
    end = cli_words.add(group, "end", "take a key back now", "opening.token_end")
    end.add_argument("name", metavar="NAME")
    cli_words.operator(end)


def _pack(sub: Any) -> None:
    group = cli_words.group(sub, "pack", "packs: a place as data")
    more = "Prints every fault as a sentence with its file. Without NAME: all packs."
    check = cli_words.add(
        group, "check", "say what is wrong with a pack", "pack_check", more, "gongzhi pack check cn"
    )
    check.add_argument("names", nargs="*", metavar="NAME")
    show = cli_words.add(group, "show", "print a pack as it is after merging its parents", "pack_show")
    show.add_argument("name", metavar="NAME")
    show.add_argument("table", nargs="?", metavar="TABLE", help="one table only, such as categories")
    diff = cli_words.add(group, "diff", "print what differs between two packs", "pack_diff")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("other", nargs="?", metavar="OTHER", help="(default: the parent of NAME)")


def _process(sub: Any) -> None:
    group = cli_words.group(sub, "process", "processes: stages, actions, terms")
    more = "Prints Mermaid text; the same drawing stands in the documents."
    draw = cli_words.add(
        group, "draw", "draw a process", "process_draw", more, "gongzhi process draw incident --pack cn"
    )
    draw.add_argument("name", metavar="PROCESS")
    draw.add_argument("--pack", default="cn", help="as this pack has it (default: cn)")
    example = (
        'gongzhi process move incident --pack cn --map on_hold=suspended --as "Wang Fang" --reason "new page"'
    )
    move = cli_words.add(
        group, "move", "carry running matters over to today's page", "process_move", "", example
    )
    move.add_argument("name", metavar="PROCESS")
    move.add_argument("--pack", default="cn", help="of this pack (default: cn)")
    move.add_argument(
        "--map", dest="stages", metavar="OLD=NEW", action="append", default=[], help="a stage that is gone"
    )
    cli_words.operator(move)


def _jobs(sub: Any) -> None:
    group = cli_words.group(sub, "jobs", "what runs by the clock")
    for job in JOBS.values():
        cli_words.add(group, job.name, job.does, "job_once").set_defaults(job=job.name)
    every = cli_words.add(group, "all", "run all jobs once, or round after round", "jobs_all")
    every.add_argument("--loop", action="store_true", help="go on until SIGTERM or SIGINT")


def _ledger(sub: Any) -> None:
    group = cli_words.group(sub, "ledger", "the append-only record")
    more = (
        "Names any entry changed, removed or inserted since before the last seal, and says how many newer ones\n"
        "only the chain protects. Exit status 1 when anything is wrong."
    )
    example = "gongzhi ledger verify\ngongzhi ledger verify --against seal-2026-09-30.json"
    command = cli_words.add(
        group, "verify", "check every chain and every seal", "ledger_verify", more, example
    )
    command.add_argument("--against", metavar="FILE", help="a seal kept elsewhere")


def _clock(sub: Any) -> None:
    more = (
        "TERM: 3wd working days (same hour of the last one), 2wh office hours, 24h clock hours, 15d days of law.\n"
        "Says so when a year's calendar is provisional."
    )
    example = 'gongzhi clock "2026-09-30 10:00" 3wd\ngongzhi clock "2026-12-30 10:00" 3wd --pack cn'
    command = cli_words.add(sub, "clock", "print when a term ends", "clock", more, example)
    command.add_argument("start", metavar="START", help='local time, "2026-09-30 10:00"')
    command.add_argument("term", metavar="TERM")
    command.add_argument("--pack", default="cn", help="whose calendar (default: cn)")


def _migrate(sub: Any) -> None:
    more = "Runs as the owner of the tables, sets grants and triggers, and checks both. Safe to repeat."
    cli_words.add(sub, "migrate", "bring the database up to date", "migrate", more)


def _version(sub: Any) -> None:
    cli_words.add(sub, "version", "print the version", "version")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; gives back its exit status."""
    said = parser().parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    if getattr(said, "demo", False) or said.handler == "demo":
        os.environ["DEMO"] = "1"
    from gongzhi.site import failures

    module, _, name = said.handler.rpartition(".")
    handler: Callable[[argparse.Namespace], int] = getattr(
        import_module(f"gongzhi.site.{module or 'commands'}"), name
    )
    with failures.as_sentences() as outcome:
        outcome.status = handler(said)
    return outcome.status


if __name__ == "__main__":
    sys.exit(main())
