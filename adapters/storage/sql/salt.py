"""A deployment's own salt, made at its first start: what is hashed with it says nothing to anybody
who has not got the database.
"""

import secrets

import sqlalchemy as sa

from adapters.storage.sql.tables import deployment
from adapters.storage.sql.transaction import upserting

_READ = sa.select(deployment.c.value).where(deployment.c.name == "salt")
_MAKE = upserting(lambda insert: insert(deployment).on_conflict_do_nothing())


def salt(connection: sa.Connection) -> str:
    """Of several processes that start together, one makes it."""
    found = connection.execute(_READ).scalar()
    if found is None:
        connection.execute(
            _MAKE[connection.dialect.name], {"name": "salt", "value": secrets.token_hex(16)}
        )
        found = connection.execute(_READ).scalar_one()
    return str(found)
