"""SQLite as this product keeps it: a database file nobody but its owner reads."""
