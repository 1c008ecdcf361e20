from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "商店"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from growers.signals import number_proved
        from shop import (
            credit_checks,
            deposit_checks,
            guards,
            jobs,
            order_wording,
            pledge_wording,
            quiet,
            voice_wording,
            wording,
        )
        from shop.search.text_index import make_text_index
        from shop.services import order_owner, pledge_owner
        from shop.services.joining import join_guest_orders

        jobs.register()
        credit_checks.register()
        deposit_checks.register()
        wording.register()
        voice_wording.register()
        pledge_wording.register()
        pledge_owner.register()
        order_wording.register()
        order_owner.register()
        number_proved.connect(join_guest_orders, dispatch_uid="shop.join_guest_orders")
        quiet.silence_analytics()
        post_migrate.connect(make_text_index, sender=self)
        pre_migrate.connect(guards.remove, sender=self, dispatch_uid="shop.no_guards")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="shop.guards")
