"""How ``gongzhi posters`` is declared."""

from typing import Any

from gongzhi.site import cli_words


def add(sub: Any) -> None:
    """Sheets with the codes of an area's places, to hang up."""
    more = (
        "A code names a place and nothing else; it is never used for entry or check-in. Buildings without a code\n"
        "get one; estates, lifts and facilities are named in a sheet: 种类, 名称, 所在 (a grid or a community).\n"
        "Writes HTML that any browser prints; PDF where WeasyPrint is installed (pip install 'gongzhi[pdf]')."
    )
    example = (
        'gongzhi posters --area 第一社区 --kind building --out posters.html --as "Wang Fang" --reason "new doors"\n'
        "gongzhi posters --area 999903001001 --labels lifts.csv --size fridge --out lifts.pdf --as … --reason …"
    )
    does = "print the codes of places: buildings, estates, lifts, facilities"
    command = cli_words.add(sub, "posters", does, "posters.make", more, example)
    command.add_argument(
        "--area", required=True, metavar="AREA", help="name or code of a street, community or grid"
    )
    command.add_argument(
        "--kind", choices=["building", "estate", "lift", "facility"], help="only these (default: all)"
    )
    command.add_argument(
        "--size", choices=["a4", "fridge"], default="a4", help="one a sheet, or four (default: a4)"
    )
    command.add_argument("--labels", metavar="FILE", help="CSV of places that are to have a code")
    command.add_argument("--out", metavar="FILE", default="posters.html", help="(default: posters.html)")
    cli_words.operator(command)
