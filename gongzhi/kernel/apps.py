"""The kernel as one Django application: one label, one series of migrations."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Territory, people, ledger, processes, clock: what every mechanism stands on."""

    name = "gongzhi.kernel"
    label = "kernel"
    verbose_name = "共治内核"

    def ready(self) -> None:
        """Set the ledger's triggers again after every migration (a SQLite table rebuild drops them) and the search
        table; hand the territory its chain, and the pack check what looks at process pages."""
        from django.db.models.signals import post_migrate

        from gongzhi.kernel.ledger import registers, triggers
        from gongzhi.kernel.packs import check as packs
        from gongzhi.kernel.process import check as pages
        from gongzhi.kernel.process import move, recompute, rehome, search  # noqa: F401
        from gongzhi.kernel.telling import digest, inbox  # noqa: F401
        from gongzhi.kernel.territory import chain

        chain.keep(registers)
        packs.page_check(pages.check)
        recompute.follow_adoptions()
        rehome.ready()
        inbox.register()
        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="ledger-triggers")
        post_migrate.connect(search.after_migrate, sender=self, dispatch_uid="search-table")
