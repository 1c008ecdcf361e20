from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "收款"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from payments import checks, guards, jobs, texts

        post_migrate.connect(guards.install, sender=self, dispatch_uid="payments.guards")
        texts.register()
        checks.register()
        jobs.register()
