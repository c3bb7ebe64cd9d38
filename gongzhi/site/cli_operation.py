"""The operator's commands: a backup of the running system, its way back, and the move to PostgreSQL."""

from typing import Any

from gongzhi.site import cli_words


def declare(sub: Any) -> None:
    """Add them to the command line."""
    _move(sub)


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
