"""How a subcommand of ``gongzhi`` is declared: its words, its examples, and who does it."""

import argparse
from typing import Any

OPERATOR = "Changes data: give your own name and a reason, both go into the ledger."


def parser(prog: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    """A parser that keeps its texts as they are written."""
    raw = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(prog=prog, description=description, epilog=epilog, formatter_class=raw)


def add(
    sub: Any, name: str, does: str, handler: str, more: str = "", examples: str = ""
) -> argparse.ArgumentParser:
    """A subcommand; ``handler`` names the function that does the work: ``module.function`` of ``gongzhi.site``."""
    epilog = "examples:\n" + "".join(f"  {line}\n" for line in examples.splitlines()) if examples else ""
    raw = argparse.RawDescriptionHelpFormatter
    description = does + (f"\n\n{more}" if more else "")
    made: argparse.ArgumentParser = sub.add_parser(
        name, help=does, description=description, epilog=epilog, formatter_class=raw
    )
    made.set_defaults(handler=handler)
    return made


def group(sub: Any, name: str, does: str) -> Any:
    """A subcommand with subcommands of its own."""
    made = sub.add_parser(name, help=does, description=does)
    return made.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)


def operator(command: argparse.ArgumentParser) -> None:
    """Whoever changes data gives their own name and a reason."""
    who = command.add_argument_group("who does it", OPERATOR)
    who.add_argument("--as", dest="operator", metavar="NAME", required=True, help="your own name")
    who.add_argument("--reason", metavar="TEXT", required=True, help="why")
