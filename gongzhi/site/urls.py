"""Addresses: residents at ``/``, staff at ``/desk/``, the command centre at ``/command/``, machines at ``/api/``."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from gongzhi.site.health import healthz

PLACES = {"desk/": "workbench", "command/": "command", "api/": "api", "": "portal"}


def _surfaces() -> list[URLPattern | URLResolver]:
    modules = {prefix: f"gongzhi.surfaces.{name}.urls" for prefix, name in PLACES.items()}
    return [path(prefix, include(module)) for prefix, module in modules.items() if _stands(module)]


def _stands(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [path("healthz", healthz, name="healthz"), *_surfaces()]
handler400 = "gongzhi.site.refusals.malformed"
handler404 = "gongzhi.site.refusals.absent"
handler500 = "gongzhi.site.refusals.broken"
