"""The incidents domain as a Django application."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers this domain's guards, desks, bodies and reactions with the kernel."""

    name = "gongzhi.domains.incidents"
    label = "incidents"
    verbose_name = "事件"

    def ready(self) -> None:
        """Import the modules whose decorators register what process pages name."""
        from gongzhi.domains.incidents import (  # noqa: F401
            bodies,
            bodies_after,
            bodies_duty,
            desks,
            desks_after,
            guards,
            guards_after,
            guards_calls,
            guards_duty,
            guards_terms,
            me_too,
            merging,
            reactions,
            reactions_after,
            reactions_near,
        )
        from gongzhi.domains.incidents.outer import page  # noqa: F401
        from gongzhi.domains.incidents.outer import reactions as outer_reactions  # noqa: F401
        from gongzhi.domains.incidents.queries import records_daily  # noqa: F401
