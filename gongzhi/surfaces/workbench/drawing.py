"""The small map on a matter's page: the community's grids drawn by the server, its own marked, a pin on the place."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.territory import svg
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.svg import Drawing

WIDTH = 300


@dataclass(frozen=True)
class Sketch:
    """A drawing with the chosen cell's id and the pin in drawing units (None where the place has no point)."""

    drawing: Drawing
    own: str
    pin: tuple[float, float] | None
    said: str


def sketch(matter: Matter, areas: dict[str, Area], at: datetime) -> Sketch | None:
    """The map of a matter's community; None where nothing is drawn (no polygons, or it hangs above)."""
    community = areas.get("community")
    if community is None:
        return None
    drawing = svg.draw(community, WIDTH, at)
    if not drawing.cells:
        return None
    pin = None
    if matter.lat is not None and matter.lon is not None:
        pin = drawing.project(matter.lat, matter.lon)
    return Sketch(drawing, str(matter.grid_id or ""), pin, SAID.get(matter.point_source, ""))


SAID = {
    "code": "位置来自楼门码",
    "last": "位置是上次报事的地方",
    "phone": "位置来自手机定位",
    "typed": "位置按写的地址找到",
    "picked": "位置是选的社区",
    "map": "位置在图上点的",
    "photo": "位置来自照片",
    "patrol": "位置是巡查点的",
}
