"""Pictures a platform has already: the same chart is uploaded once and referred to afterwards."""

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import picture_refs
from adapters.storage.sql.transaction import host_time, upserting

_GET = select(picture_refs.c.ref).where(
    picture_refs.c.token == bindparam("token"),
    picture_refs.c.content_hash == bindparam("content_hash"),
)
_PUT = upserting(
    lambda insert: (
        made := insert(picture_refs),
        made.on_conflict_do_update(
            index_elements=list(picture_refs.primary_key),
            set_={"ref": made.excluded.ref, "at": made.excluded.at},
        ),
    )[1]
)


class PictureRefs:
    """The platform's own id of a picture, by bot token
    ('platform:workspace') and hash of the bytes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, token: str, content_hash: str) -> str | None:
        return await self._database.run(
            lambda connection: connection.execute(
                _GET, {"token": token, "content_hash": content_hash}
            ).scalar()
        )

    async def put(self, token: str, content_hash: str, ref: str) -> None:
        def whole(connection: sa.Connection) -> None:
            row = {
                "token": token,
                "content_hash": content_hash,
                "ref": ref,
                "at": host_time(connection),
            }
            connection.execute(_PUT[connection.dialect.name], row)

        await self._database.run(whole)
