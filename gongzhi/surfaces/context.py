"""What every surface's template knows: the mode the reader chose and how the place calls itself."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from gongzhi.surfaces import place_name

MODE, SIZE = "gz_mode", "gz_size"
ELDER, LARGE = "elder", "large"


def is_elder(request: HttpRequest) -> bool:
    """True where the reader keeps 长辈版 switched on."""
    return request.COOKIES.get(MODE) == ELDER


def surface(request: HttpRequest) -> dict[str, Any]:
    """``mode`` and ``size`` for the html element, ``elder``, ``district``, ``house`` (the portal's name), ``now``."""
    elder = is_elder(request)
    district, house = place_name.called()
    return {
        "mode": ELDER if elder else "normal",
        "size": LARGE if elder and request.COOKIES.get(SIZE) == LARGE else "",
        "elder": elder,
        "district": district,
        "house": house,
        "now": timezone.now(),
    }
