"""The whistles domain as a Django application."""

from django.apps import AppConfig


class WhistlesConfig(AppConfig):
    """Registers this domain's guards, desks, bodies and reactions with the kernel."""

    name = "gongzhi.domains.whistles"
    label = "whistles"
    verbose_name = "吹哨报到"

    def ready(self) -> None:
        """Import the modules whose decorators register what process pages name."""
        from gongzhi.domains.whistles import bodies, desks, guards, reactions  # noqa: F401
