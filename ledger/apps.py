from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = "账本"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from core import ticks
        from ledger import books, guards, jobs

        post_migrate.connect(guards.install, sender=self, dispatch_uid="ledger.guards")
        books.register_checks()
        ticks.register("ledger.check", every_minutes=24 * 60, run=jobs.check_nightly, order=90)
