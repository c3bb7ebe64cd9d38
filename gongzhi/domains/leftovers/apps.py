"""The leftovers domain as a Django application."""

from django.apps import AppConfig


class LeftoversConfig(AppConfig):
    """Registers the desk of those who come after."""

    name = "gongzhi.domains.leftovers"
    label = "leftovers"
    verbose_name = "没发成的"

    def ready(self) -> None:
        """Import the modules whose decorators register what the page names."""
        from gongzhi.domains.leftovers import desks  # noqa: F401
