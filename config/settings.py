"""One file, fixed order: paths, switches, apps, requests, templates, data, people, words, shop.

Runs with no environment at all (development, SQLite in ``var/``). Production is environment
variables; a bad or missing value stops the start.
"""

from base64 import urlsafe_b64decode
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403  # Oscar reads its defaults from here
from oscar.defaults import OSCAR_DASHBOARD_NAVIGATION as _OSCAR_MENU

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Switches -----------------------------------------------------------------------------------
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var" / ("demo" if DEMO else ""))))
DEVELOPMENT_SECRET = "development-only-secret-key-never-used-in-production"  # noqa: S105  # refused in production
DEVELOPMENT_IDENTITY_KEY = "ZGV2ZWxvcG1lbnQtb25seS1pZGVudGl0eS1rZXktMzI="
LEAST_SECRET = 32  # characters
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET)
IDENTITY_KEYS = env.list("IDENTITY_KEYS", default=[DEVELOPMENT_IDENTITY_KEY])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CLOCK = "devtools.clock.demo_now" if DEMO else "core.clock.system_now"


def _is_identity_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


if PRODUCTION:
    if DEMO or DEBUG:
        raise ImproperlyConfigured("DEMO and DEBUG are refused in production.")
    if SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < LEAST_SECRET:
        raise ImproperlyConfigured("Set SECRET_KEY: the development key is refused in production.")
    if DEVELOPMENT_IDENTITY_KEY in IDENTITY_KEYS:
        raise ImproperlyConfigured("Set IDENTITY_KEYS: the development key is refused.")
    if not IDENTITY_KEYS or not all(_is_identity_key(key) for key in IDENTITY_KEYS):
        raise ImproperlyConfigured("Set IDENTITY_KEYS: each is 32 bytes in URL-safe base64.")

# Apps ---------------------------------------------------------------------------------------
OUR_APPS = [
    "core.apps.CoreConfig",
    "notices.apps.NoticesConfig",
    "ledger.apps.LedgerConfig",
    "growers.apps.GrowersConfig",
    "payments.apps.PaymentsConfig",
    "harvest_calendar.apps.HarvestCalendarConfig",
    "shop.apps.ShopConfig",
    "forecasting.apps.ForecastingConfig",
    "contracts.apps.ContractsConfig",
    "logistics.apps.LogisticsConfig",
    "content.apps.ContentConfig",
]
if not PRODUCTION:
    OUR_APPS.append("devtools.apps.DevtoolsConfig")

FORKS = {
    "oscar.apps.catalogue.apps.CatalogueConfig": "shop.catalogue.apps.CatalogueConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "shop.checkout.apps.CheckoutConfig",
    "oscar.apps.basket.apps.BasketConfig": "shop.basket.apps.BasketConfig",
    "oscar.apps.order.apps.OrderConfig": "shop.order.apps.OrderConfig",
    "oscar.apps.partner.apps.PartnerConfig": "shop.partner.apps.PartnerConfig",
    "oscar.apps.search.apps.SearchConfig": "shop.search.apps.SearchConfig",
}

INSTALLED_APPS = [
    *OUR_APPS,
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.sitemaps",
    *[FORKS.get(app, app) for app in OSCAR_APPS],
    "django.contrib.humanize",
    "sorl.thumbnail",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "simple_history",
    "rules.apps.AutodiscoverRulesConfig",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

# Requests -----------------------------------------------------------------------------------
# Pages travel small. In production style sheets lie compressed on the disk already.
_GZIP = "django.middleware.gzip.GZipMiddleware"
_WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    *([_WHITENOISE, _GZIP] if PRODUCTION else [_GZIP, _WHITENOISE]),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.basket.middleware.BasketMiddleware",
    "core.middleware.no_zero_bytes",
    "simple_history.middleware.HistoryRequestMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "core.middleware.page_for_forms_only",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
SITE_ID = 1
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shop.views.stale.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Templates ----------------------------------------------------------------------------------
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.media",
                "django.template.context_processors.static",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
                "core.context.site",
                "growers.context.person",
            ],
        },
    }
]
COTTON_DIR = "components"

# Data ---------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url(
        "DATABASE_URL",
        default=f"sqlite:///{VAR_DIR / 'shanhuo.sqlite3'}",
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
ATOMIC_REQUESTS = False
# Forks change behaviour, not tables: Oscar's own migrations stay.
MIGRATION_MODULES = {
    label: f"oscar.apps.{label}.migrations" for label in ("catalogue", "basket", "order", "partner")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
LONGNAN_DATA_DIR = BASE_DIR.parent / "shared" / "data" / "longnan"  # optional facts, never copied

# People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "growers.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "growers.sign_in.MobileOrCardBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "growers:sign_in"
LOGIN_REDIRECT_URL = "growers:home"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "growers.sign_in.account_name"
AXES_LOCKOUT_TEMPLATE = "growers/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# A lock is per account: a whole village may share one address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
# The first page after sign-in, by role; the first role a person holds in this order decides.
ROLE_HOME = {
    "household": "logistics:household_home",
    "approver": "contracts:plans",
    "planner": "forecasting:demand",
    "shop_operator": "shop:workspace",
    "station_keeper": "logistics:station_home",
    "helper": "growers:households",
    "official": "growers:households",
    "editor": "wagtailadmin_home",
    "auditor": "growers:households",
}
# The links of the workspace frame, by role: page and its word.
_COOPERATIVE_NAV = [
    ("forecasting:demand", _("需求")),
    ("contracts:plans", _("方案")),
    ("contracts:contracts", _("合同")),
    ("logistics:stock", _("库存")),
    ("logistics:payments_due", _("应付")),
]
_REGISTER_NAV = [("growers:households", _("种植户"))]
ROLE_NAV = {
    "shop_operator": [
        ("shop:workspace", _("工作台")),
        ("shop:work_listings", _("上架")),
        ("shop:work_campaigns", _("预售")),
        ("shop:work_orders", _("订单")),
        ("shop:work_voices", _("问答和评价")),
        ("logistics:pack", _("打包")),
    ],
    "station_keeper": [("logistics:station_home", _("站点"))],
    "planner": _COOPERATIVE_NAV,
    "approver": [*_COOPERATIVE_NAV, ("shop:approvals", _("预售审批"))],
    "helper": _REGISTER_NAV,
    "official": _REGISTER_NAV,
    "auditor": _REGISTER_NAV,
}

# Words --------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "core.sheets.SiteSheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "core.static_files.PermittedFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What only a view hands out, to those it concerns; no address leads there.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

# Shop and content ---------------------------------------------------------------------------
OSCAR_SHOP_NAME = "山货"
OSCAR_SHOP_TAGLINE = "陇南"
OSCAR_DEFAULT_CURRENCY = "CNY"
OSCAR_SLUG_ALLOW_UNICODE = True
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_INITIAL_ORDER_STATUS = "placed"
OSCAR_INITIAL_LINE_STATUS = "placed"
OSCAR_ORDER_STATUS_PIPELINE = {
    "placed": ("packed", "cancelled"),
    "packed": ("sent", "cancelled"),
    "sent": ("delivered",),
    "delivered": (),
    "cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_BASKET_COOKIE_SECURE = PRODUCTION
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
# Reviews are ours; Oscar's page of them leads to our moderation, which is no part of its menu.
OSCAR_DASHBOARD_NAVIGATION = [  # Oscar's own menu
    {
        **entry,
        "children": [
            child
            for child in entry["children"]
            if child.get("url_name") != "dashboard:reviews-list"
        ],
    }
    if "children" in entry
    else entry
    for entry in _OSCAR_MENU
]
WAGTAIL_SITE_NAME = "山货"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# How long a page shows its goods, pre-sales and hills again as they were written, in seconds.
BLOCKS_KEPT_S = env.int("BLOCKS_KEPT_S", default=30)
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILIMAGES_IMAGE_MODEL = "content.SitePicture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "content.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # nothing of other sites on our pages
# The editors' desk asks no other site for pictures of people, news or versions.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# How messages leave: the demo's file, else the console. How to write one: notices/ports.py.
MESSAGE_PORT = env.str(
    "MESSAGE_PORT", default="notices.adapters.FilePort" if DEMO else "notices.adapters.ConsolePort"
)
if PRODUCTION and (not env.str("MESSAGE_PORT", "") or not env.str("BASE_URL", "")):
    # The console would write people's codes into the log, and messages carry links.
    raise ImproperlyConfigured("Set MESSAGE_PORT (who carries messages) and BASE_URL (us).")
# Days in which who reserved may leave for nothing after the terms were changed.
TERMS_CHANGE_FREE_DAYS = env.int("TERMS_CHANGE_FREE_DAYS", default=7)
NOTICE_DAYS = 30  # then the number and the words of a message are wiped
BASE_URL = WAGTAILADMIN_BASE_URL
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Paying through us: nothing (goods are paid on collection), or Stripe. STRIPE_API_BASE leads to
# the emulator in the demo and in tests, never in production.
PAYMENT_PROVIDER = env.str("PAYMENT_PROVIDER", default="")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
PAYMENT_CALLS_PER_SECOND = env.int("PAYMENT_CALLS_PER_SECOND", default=20)
PAYMENT_LEAST_FEN = env.int("PAYMENT_LEAST_FEN", default=400)  # Hong Kong: HK$4
if PAYMENT_PROVIDER not in ("", "stripe"):
    raise ImproperlyConfigured("PAYMENT_PROVIDER is empty or 'stripe'.")
if PAYMENT_PROVIDER:
    ROLE_NAV["auditor"] = [*_REGISTER_NAV, ("payments:money", _("收款"))]
_STRIPE = (PAYMENT_PROVIDER, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET)
if (PAYMENT_PROVIDER or PRODUCTION) and any(_STRIPE) and not all(_STRIPE):
    raise ImproperlyConfigured(
        "Set PAYMENT_PROVIDER=stripe with STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or none."
    )
if PRODUCTION and STRIPE_API_BASE:
    raise ImproperlyConfigured("STRIPE_API_BASE is the emulator's: refused in production.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
