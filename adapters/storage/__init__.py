"""Storage: the Store port over SQLite and PostgreSQL, one set of statements for both."""
