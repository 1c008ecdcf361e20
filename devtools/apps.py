from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DevtoolsConfig(AppConfig):
    name = "devtools"
    verbose_name = "演示工具"

    def ready(self) -> None:
        if settings.PRODUCTION:
            raise ImproperlyConfigured("devtools is never loaded in production.")
