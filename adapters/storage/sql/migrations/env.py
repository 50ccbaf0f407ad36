"""Alembic's entry: migrations run on the connection that adapters.storage.sql.schema hands over,
inside its transaction.
"""

from alembic import context

from adapters.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
)
context.run_migrations()
