"""All addresses: tools first, then our pages by language, Wagtail's catch-all last."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

oscar: Any = apps.get_app_config("oscar")  # its class is untyped

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("payments/webhook/", include("payments.webhook_urls")),
]

if not settings.PRODUCTION:  # there the web server gives out what people uploaded
    media = {"document_root": settings.MEDIA_ROOT}
    urlpatterns.append(path("media/<path:path>", serve, media, name="media"))

if apps.is_installed("devtools"):
    urlpatterns += i18n_patterns(
        path("demo/", include("devtools.urls")), prefix_default_language=False
    )

urlpatterns += i18n_patterns(
    path("", include("core.urls")),
    path("", include("growers.urls")),
    path("", include("payments.urls")),
    path("", include("harvest_calendar.urls")),
    path("", include("shop.urls")),
    path("", include("forecasting.urls")),
    path("", include("contracts.urls")),
    path("", include("logistics.urls")),
    path("", include("content.urls")),
    path("shop/", include(oscar.urls[0])),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
