"""What the environment (or `.env`) says, checked once at the start.

Nobody else reads the environment.

A setting that is wrong is named, with what it should be; secrets never print.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from annotated_types import Ge, Le
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.storage.sql.address import AddressError, database_address

ENV_FILE = Path(".env")


class SettingsError(Exception):
    """A setting is missing, wrong or unknown. The text names the variable and what to write."""


class Settings(BaseSettings):
    """docs: README, 'Settings'. Names are the environment variables', in lower case."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=ENV_FILE, env_ignore_empty=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org/bot"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    secret_key: SecretStr | None = None

    database_url: str = Field(default="sqlite:///pivotbot.db", repr=False)  # it may hold a password
    public_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    probes_host: str = "127.0.0.1"
    probes_port: int | None = Field(default=None, ge=0, le=65535)

    pivotbot_content: Path | None = None
    pivotbot_admins: str = ""
    pivotbot_keep_seen_days: int = Field(default=8, ge=2)
    pivotbot_keep_sent_days: int = Field(default=30, ge=1)
    pivotbot_keep_uninstalled_days: int = Field(default=30, ge=1)
    pivotbot_keep_dialogs_days: int = Field(default=14, ge=1)
    pivotbot_keep_unreachable_days: int = Field(default=365, ge=30)
    otel_exporter_otlp_endpoint: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @property
    def telegram(self) -> bool:
        return self.telegram_bot_token is not None

    @property
    def slack(self) -> Literal["off", "socket", "http", "workspaces"]:
        """How Slack is reached. An app token means Socket Mode, whatever else is set."""
        if self.slack_client_id:
            return "workspaces"
        if self.slack_bot_token is None:
            return "off"
        if self.slack_app_token:
            return "socket"
        return "http"

    @property
    def prefix(self) -> str:
        """The path of PUBLIC_URL: what a proxy may leave before every path, or take off."""
        return urlsplit(self.public_url or "").path.rstrip("/")

    @property
    def admins(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.pivotbot_admins.split(",") if name.strip())

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if wrapped := _find_wrapped(self):  # then the shape is wrong too, and says less
            raise ValueError("\n".join(wrapped))
        problems = [*_missing(self), *_misshapen(self)]
        for name in (
            "telegram_api_url",
            "telegram_webhook_url",
            "slack_api_url",
            "public_url",
            "otel_exporter_otlp_endpoint",
        ):
            value = getattr(self, name)
            if value and not _is_trusted(value):
                problems.append(
                    f"{name.upper()}: https, or http to loopback, a private address or a "
                    "single-label host"
                )
        for admin in self.admins:
            platform, _, user = admin.partition(":")
            if not platform or not user:
                problems.append(
                    f"PIVOTBOT_ADMINS: {admin!r} should read like slack:T123/U456 or telegram:123"
                )
        if self.pivotbot_content is not None and not self.pivotbot_content.is_dir():
            problems.append(
                f"PIVOTBOT_CONTENT: {str(self.pivotbot_content)!r} is no folder; leave it "
                "unset for the shipped content"
            )
        if fault := database_fault(self.database_url):
            problems.append(f"DATABASE_URL: {fault}")
        if problems:
            raise ValueError("\n".join(problems))
        return self


_SHAPES = (
    (
        "telegram_bot_token",
        r"\d+:[A-Za-z0-9_-]+",
        "should read like 123456:ABC-DEF, as @BotFather gives it",
    ),
    (
        "telegram_webhook_secret",
        r"[A-Za-z0-9_-]{1,256}",
        "letters, digits, _ and - only, at most 256",
    ),
    (
        "slack_bot_token",
        r"(?!xapp-)\S+",
        "this is an app-level token; the bot's own begins with xoxb-",
    ),
    ("slack_app_token", r"(?!xox)\S+", "this is a bot's token; an app-level one begins with xapp-"),
    ("secret_key", r".*[^,\s].*", "empty"),
)
"""What a secret looks like, so that a wrong one is named at the start and never printed."""


def _misshapen(settings: "Settings") -> list[str]:
    found = []
    for name, shape, advice in _SHAPES:
        secret = getattr(settings, name)
        if secret is not None and not re.fullmatch(shape, secret.get_secret_value()):
            found.append(f"{name.upper()}: {advice}")
    return found


def _find_wrapped(settings: "Settings") -> list[str]:
    """Values with blanks or quotation marks around them: `docker run --env-file` keeps both, and
    the platform refuses them later.
    """
    found = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
        else:
            text = value
        if not isinstance(text, str):
            continue
        if re.fullmatch(r"""(["']).*\1""", text.strip(), re.DOTALL):
            found.append(f"{name.upper()}: the quotation marks are part of it; write it without")
        elif text.strip(" ,") and text != text.strip():
            found.append(f"{name.upper()}: there are blanks around it; write it without")
    return found


@dataclass(frozen=True, slots=True)
class _Needs:
    when: bool
    variable: str
    because: str
    present: bool


def _missing(settings: Settings) -> list[str]:
    slack = settings.slack
    needs = (
        _Needs(
            bool(settings.telegram_webhook_url),
            "TELEGRAM_WEBHOOK_SECRET",
            "TELEGRAM_WEBHOOK_URL is set",
            settings.telegram_webhook_secret is not None,
        ),
        _Needs(
            slack == "http",
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
            "SLACK_BOT_TOKEN is set",
            settings.slack_signing_secret is not None,
        ),
        _Needs(
            slack == "off" and settings.slack_app_token is not None,
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN is set",
            False,
        ),
        _Needs(
            slack == "workspaces",
            "SLACK_CLIENT_SECRET",
            "SLACK_CLIENT_ID is set",
            settings.slack_client_secret is not None,
        ),
        _Needs(
            slack == "workspaces",
            "SLACK_SIGNING_SECRET",
            "SLACK_CLIENT_ID is set",
            settings.slack_signing_secret is not None,
        ),
        _Needs(
            slack == "workspaces",
            "SECRET_KEY",
            "SLACK_CLIENT_ID is set (it encrypts the workspaces' tokens)",
            settings.secret_key is not None,
        ),
    )
    return [
        f"{need.variable}: missing, because {need.because}"
        for need in needs
        if need.when and not need.present
    ]


def plain_http(settings: Settings) -> tuple[str, ...]:
    """The variables that name a plain-http address: accepted for near hosts, worth a warning."""
    names = (
        "telegram_api_url",
        "telegram_webhook_url",
        "slack_api_url",
        "public_url",
        "otel_exporter_otlp_endpoint",
    )
    return tuple(
        name.upper() for name in names if str(getattr(settings, name) or "").startswith("http://")
    )


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process. Raises SettingsError, every problem on its own line."""
    problems = [
        *_strangers(os.environ if environment is None else environment, ""),
        *_strangers(_in_file(ENV_FILE), f" (in {ENV_FILE})"),
    ]
    if problems:
        raise SettingsError("\n".join(problems))
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error))) from None


def _strangers(environment: Mapping[str, str | None], where: str) -> list[str]:
    """One line if there are PIVOTBOT_* variables that nobody reads."""
    unknown = _find_unread(environment)
    known = sorted(name.upper() for name in Settings.model_fields if name.startswith("pivotbot_"))
    said = f"{', '.join(unknown)}{where}: no such setting; there are {', '.join(known)}"
    return [said] if unknown else []


def _in_file(file: Path) -> Mapping[str, str | None]:
    """What the file sets.

    Raises SettingsError for one that is no text in UTF-8: editors and shells write other kinds too.
    """
    try:
        file.read_text(encoding="utf-8")
    except OSError:
        return {}
    except UnicodeDecodeError:
        is_wide = file.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
        if is_wide:
            kind = "UTF-16, as PowerShell's > writes it"
        else:
            kind = "not UTF-8"
        mend = "save it as UTF-8 (PowerShell: Set-Content -Encoding utf8)"
        raise SettingsError(f"{file}: {kind}; {mend}") from None
    return dotenv_values(file, encoding="utf-8")


def _explain(error: ValidationError) -> list[str]:
    lines = []
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in detail["loc"]).upper()
        said = detail["msg"].removeprefix("Value error, ")
        if detail["type"] in _NUMBER_FAULTS:
            message = f"should be {_range(name.lower())}"
        else:
            message = said
        lines.append(f"{name}: {message}" if name else message)
    return lines


_NUMBER_FAULTS = ("int_parsing", "int_type", "greater_than_equal", "less_than_equal")


def _range(name: str) -> str:
    """What a number may be, in words."""
    field = Settings.model_fields[name]
    least = next(one.ge for one in field.metadata if isinstance(one, Ge))
    most = next((one.le for one in field.metadata if isinstance(one, Le)), None)
    if most is None:
        return f"a whole number, {least} or more"
    return f"a number from {least} to {most}"


def _find_unread(environment: Mapping[str, str | None]) -> list[str]:
    """PIVOTBOT_* variables, in any case, that nobody reads,
    except those Kubernetes sets for a service called pivotbot.
    """
    known = {name.upper() for name in Settings.model_fields}
    return sorted(
        name
        for name in map(str.upper, environment)
        if name.startswith("PIVOTBOT_")
        and name not in known
        and "_SERVICE_" not in name
        and not name.startswith("PIVOTBOT_PORT")
    )


def database_fault(url: str) -> str:
    """What is wrong with the address of a database; empty for a good one.

    Never holds what may be a password.
    """
    try:
        address = database_address(url)
    except AddressError as error:
        return str(error)
    modes = address.option("sslmode")
    if all(map(_is_own, address.hosts)) or (modes and all(mode in _ENCRYPTED for mode in modes)):
        return ""
    return (
        "add ?sslmode=require (better: verify-full); only a host that is near may be reached "
        "without TLS"
    )


def _is_own(host: str) -> bool:
    """Near, in one's own network, or a socket's folder."""
    return host.startswith("/") or _is_near(host) or host.endswith(_OWN_NETWORK)


_ENCRYPTED = ("require", "verify-ca", "verify-full")
_OWN_NETWORK = (".internal", ".local")
"""Names that no public server can have; clusters give them to their databases."""


def _is_trusted(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and bool(parts.hostname) and _is_near(parts.hostname or "")


def _is_near(host: str) -> bool:
    """Loopback, a private address, or a name without a dot."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return ip.is_loopback or ip.is_private
