from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    name = "logistics"
    verbose_name = "物流"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from logistics import jobs, money_checks
        from logistics.selectors import shares
        from logistics.services import giving_back
        from shop.money import register_refiller, register_share

        jobs.register()
        register_share(shares.told_share)
        register_refiller(giving_back.refill)
        money_checks.register()
