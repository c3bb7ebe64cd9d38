"""The patrols domain as a Django application."""

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    """Registers this domain's guards, desks, bodies and reactions with the kernel."""

    name = "gongzhi.domains.patrols"
    label = "patrols"
    verbose_name = "巡查"

    def ready(self) -> None:
        """Import the modules whose decorators register what process pages name."""
        from gongzhi.domains.patrols import bodies, desks, guards, reactions  # noqa: F401
