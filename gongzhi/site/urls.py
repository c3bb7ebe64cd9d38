"""Addresses: residents at ``/``, staff at ``/desk/``, the command centre at ``/command/``, machines at ``/api/`` and
``/open311/``."""

from django.urls import include, path

from gongzhi.gateways import outbox
from gongzhi.site.health import healthz
from gongzhi.site.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("outbox/", outbox.page, name="outbox"),
    path("desk/", include("gongzhi.surfaces.workbench.urls")),
    path("command/", include("gongzhi.surfaces.command.urls")),
    path("api/", include("gongzhi.surfaces.api.urls")),
    path("open311/", include("gongzhi.surfaces.api.open311.urls")),
    path("", include("gongzhi.surfaces.portal.urls")),
]
handler400 = "gongzhi.site.refusals.malformed"
handler404 = "gongzhi.site.refusals.absent"
handler500 = "gongzhi.site.refusals.broken"
