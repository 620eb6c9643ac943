"""The order journal in a database: SQLite for one host, PostgreSQL for several."""
