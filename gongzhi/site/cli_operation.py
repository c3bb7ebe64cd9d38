"""The operator's commands: a backup of the running system, its way back, and the move to PostgreSQL."""

from typing import Any

from gongzhi.site import cli_words


def declare(sub: Any) -> None:
    """Add them to the command line."""
    _backup(sub)
    _restore(sub)
    _move(sub)


def _backup(sub: Any) -> None:
    more = (
        "Of the running system: one moment of the database, the files its rows name, seals and packs, in a folder of\n"
        "its own under DIR, written whole, read back, its files linked to the backup before. Keys and the journal of\n"
        "deletions go to KEYS, never into DIR: keep the two apart. Everything is readable by its owner alone."
    )
    example = "gongzhi backup /backup/gongzhi --keys /safe/gongzhi-keys --keep 14"
    command = cli_words.add(
        sub, "backup", "write a backup of the running system", "operation.backup", more, example
    )
    command.add_argument("folder", metavar="DIR", help="where backups are kept, on another disk")
    command.add_argument("--keys", metavar="KEYS", help="where keys and the journal of deletions are kept")
    command.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but the newest N")


def _restore(sub: Any) -> None:
    more = (
        "Into an empty DATA (and an empty database): checks every file, puts all of it back, brings an older one up\n"
        "to date, removes again what was deleted since the backup, and ends in `ledger verify`; it does not serve\n"
        "before that. FILE is the newest journal of deletions there is: DATA/deletions.jsonl of the lost place, else\n"
        "the one beside the newest keys."
    )
    example = (
        "DATA=/srv/new gongzhi restore /backup/gongzhi --keys /safe/gongzhi-keys "
        "--deletions /safe/deletions.jsonl --as … --reason …"
    )
    command = cli_words.add(sub, "restore", "bring a backup back", "operation.restore", more, example)
    command.add_argument("folder", metavar="DIR", help="one backup, or a folder of them (then the newest)")
    command.add_argument("--keys", required=True, metavar="KEYS", help="the keys kept apart")
    command.add_argument("--deletions", required=True, metavar="FILE", help="the journal of deletions")
    cli_words.operator(command)


def _move(sub: Any) -> None:
    more = (
        "Every row with its id, every chain as it is; sequences, search table, triggers and grants are set; ends in\n"
        "`ledger verify` on the target. The target must be empty and the server stopped. The SQLite file stays and\n"
        "serves no more. (To carry running matters over to a newer process page: `gongzhi process move`.)"
    )
    example = (
        "gongzhi move --to postgres://gongzhi_app@db/gongzhi --owner postgres://gongzhi_owner@db/gongzhi --as … "
        "--reason …"
    )
    does = "move the database from SQLite to PostgreSQL"
    command = cli_words.add(sub, "move", does, "operation.move", more, example)
    command.add_argument("--to", required=True, metavar="URL", help="the application's role on the target")
    command.add_argument("--owner", default="", metavar="URL", help="the role that will own the tables")
    cli_words.operator(command)
