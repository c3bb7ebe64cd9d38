"""``/api/v1/``, with its OpenAPI at ``/api/v1/openapi.json``."""

from django.urls import path
from ninja import NinjaAPI

from gongzhi import __version__
from gongzhi.surfaces.api import calls, matters, outer, refusals, reports
from gongzhi.surfaces.api.documented import ABOUT
from gongzhi.surfaces.api.rendered import Chinese

api = NinjaAPI(
    title="共治接口",
    version=__version__,
    description=ABOUT,
    docs_url=None,  # its page would need scripts from elsewhere; the JSON is read by any viewer
    urls_namespace="api-v1",
    renderer=Chinese(),
)
refusals.install(api)
api.add_router("", reports.router)
api.add_router("", matters.router)
api.add_router("", calls.router)
api.add_router("", outer.router)

urlpatterns = [path("v1/", api.urls)]
