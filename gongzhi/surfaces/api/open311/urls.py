"""``/open311/``: discovery, and GeoReport v2 below ``v2/``."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from gongzhi.surfaces.api.open311 import kinds, posting, reading, refusals, updating
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.endpoint import endpoint
from gongzhi.surfaces.api.open311.refusals import Absent

FORM = r"\.(?P<form>xml|json)$"


def _nothing(said: Asked) -> tuple[str, object]:
    raise Absent(refusals.NO_PAGE)


nothing = endpoint(get=_nothing, post=_nothing)

urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{FORM}", endpoint(get=kinds.discovery)),
    re_path(rf"^v2/services{FORM}", endpoint(get=kinds.services)),
    re_path(rf"^v2/services/(?P<code>[^/]+){FORM}", endpoint(get=kinds.definition)),
    re_path(rf"^v2/requests{FORM}", endpoint(get=reading.many, post=posting.post)),
    re_path(rf"^v2/requests/(?P<number>[^/]+){FORM}", endpoint(get=reading.one)),
    re_path(rf"^v2/tokens/(?P<token>[^/]+){FORM}", endpoint(get=posting.token)),
    re_path(rf"^v2/servicerequestupdates{FORM}", endpoint(get=updating.many, post=updating.post)),
    re_path(r"^v2/media/(?P<pk>[0-9]+)\.jpg$", require_safe(reading.picture), name="open311-media"),
    path("v2/", nothing, name="open311-base"),
    re_path(r"^", nothing),
]
