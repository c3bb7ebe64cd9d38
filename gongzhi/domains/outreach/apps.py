"""The outreach domain as a Django application."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Registers this domain's guards, desks, bodies and reactions with the kernel."""

    name = "gongzhi.domains.outreach"
    label = "outreach"
    verbose_name = "邻里通知"

    def ready(self) -> None:
        """Import the modules whose decorators register what process pages name."""
        from gongzhi.domains.outreach import bodies, desks, guards, reactions  # noqa: F401
