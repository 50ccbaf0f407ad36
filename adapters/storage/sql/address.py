"""DATABASE_URL read once: whoever guards it and whoever connects see the same host.

Pure, and quick to import.

A password may hold any character, and readers of addresses disagree about `@ # / ?` in one. Such an
address is refused with the way to write it, and nothing that stands before its last `@` is ever
said.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote

SHAPES: Final = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"

_ENCODED: Final = "write @ # / ? in the user or password as %40 %23 %2F %3F"
_PLACE: Final = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.%]+\]"
    r"|[^\s:/?#\[\]]*)(?::(?P<port>\d{1,5}))?(?:/(?P<name>[^?#]*))?(?:\?(?P<options>[^#]*))?"
)
_PORT: Final = re.compile(r"(?<=[^:]):\d+$")
_OPTIONS: Final = frozenset(
    """
    host hostaddr port dbname user passfile connect_timeout options client_encoding
    application_name fallback_application_name keepalives keepalives_idle keepalives_interval
    keepalives_count tcp_user_timeout sslmode sslrootcert sslcert sslkey sslpassword sslcrl
    sslcrldir sslsni sslnegotiation ssl_min_protocol_version ssl_max_protocol_version
    sslcertmode requirepeer require_auth channel_binding krbsrvname gssencmode gssdelegation
    gsslib target_session_attrs load_balance_hosts
    """.split()
)
"""What libpq knows; anything else would be an error of the driver at the first connection."""


class AddressError(ValueError):
    """No address of a database. The text says what to write and holds nothing secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """`file` for SQLite, empty for PostgreSQL. `options`: what stands after the `?`."""

    file: str = ""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    host: str | None = None
    port: int | None = None
    name: str | None = None
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def option(self, name: str) -> tuple[str, ...]:
        """Every value given for an option."""
        return dict(self.options).get(name, ())

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that a connection may be made to, options included."""
        listed = [*self.option("host"), *self.option("hostaddr")]
        named = [_PORT.sub("", host) for one in listed for host in one.split(",")]
        return tuple(host for host in (self.host or "", *named) if host)


def database_address(url: str) -> DatabaseAddress:
    """The parts of `sqlite:///FILE` or `postgresql://…`. Raises AddressError for anything else."""
    scheme, _, rest = url.partition("://")
    match scheme:
        case "sqlite":
            return _file(rest)
        case "postgresql":
            return _server(rest)
        case _:
            raise AddressError(f"write {SHAPES}")


def _file(rest: str) -> DatabaseAddress:
    file = rest.removeprefix("/")
    if not rest.startswith("/") or not file:
        raise AddressError("write sqlite:///FILE, with three slashes; four before a full path")
    if "?" in file:
        raise AddressError("sqlite:///FILE takes no options, and no ? in the file's name")
    return DatabaseAddress(file=file)


def _server(rest: str) -> DatabaseAddress:
    login, at, tail = rest.rpartition("@")
    if re.search(r"[/?#@\s]", login):
        raise AddressError(_ENCODED)
    place = _PLACE.fullmatch(tail)
    if place is None:
        advice = f"; {_ENCODED}" if at else ""
        raise AddressError(f"what follows the last @ should read HOST:PORT/NAME?OPTIONS{advice}")
    user, colon, password = login.partition(":")
    return DatabaseAddress(
        user=unquote(user) if user else None,
        password=unquote(password) if colon else None,
        host=place["host"].strip("[]") or None,
        port=int(place["port"]) if place["port"] else None,
        name=unquote(place["name"] or "") or None,
        options=_options(place["options"] or ""),
    )


def _options(query: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given = parse_qs(query, keep_blank_values=True)
    if unknown := [name for name in given if name not in _OPTIONS]:
        raise AddressError(f"no such option of a connection: {', '.join(unknown)}")
    return tuple((name, tuple(values)) for name, values in given.items())
