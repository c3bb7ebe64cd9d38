"""The gateways as a Django application: they carry what actions tell."""

from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    """Registers the tellers with the kernel."""

    name = "gongzhi.gateways"
    label = "gateways"

    def ready(self) -> None:
        """Import the modules whose decorators register the tellers."""
        from gongzhi.gateways import phone_code, tell  # noqa: F401
