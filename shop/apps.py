from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "商店"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shop import jobs, quiet

        jobs.register()
        quiet.silence_analytics()
