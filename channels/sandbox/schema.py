"""The tables of the sandbox, and the columns that files of an earlier sandbox lack."""

from __future__ import annotations

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY, at REAL NOT NULL, vendor TEXT NOT NULL, act TEXT NOT NULL,
  object TEXT NOT NULL, content TEXT NOT NULL, account TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '',
  pid TEXT NOT NULL DEFAULT '', hash TEXT NOT NULL DEFAULT '');
CREATE TRIGGER IF NOT EXISTS record_is_kept BEFORE DELETE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is kept'); END;
CREATE TRIGGER IF NOT EXISTS record_is_fixed BEFORE UPDATE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is fixed'); END;
CREATE TABLE IF NOT EXISTS post (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, message TEXT NOT NULL,
  link TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, scheduled REAL,
  video TEXT NOT NULL DEFAULT '', hidden INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS post_by_state ON post (state, created);
CREATE TABLE IF NOT EXISTS photo (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data BLOB NOT NULL,
  media_type TEXT NOT NULL, sha256 TEXT NOT NULL, alt TEXT NOT NULL, caption TEXT NOT NULL, created REAL NOT NULL,
  post TEXT NOT NULL DEFAULT '', place INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS photo_by_post ON photo (post);
CREATE TABLE IF NOT EXISTS video (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session TEXT NOT NULL,
  size INTEGER NOT NULL, sha256 TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, state TEXT NOT NULL,
  outcome TEXT NOT NULL, looks INTEGER NOT NULL, published INTEGER NOT NULL, scheduled REAL, created REAL NOT NULL,
  updated REAL NOT NULL);
CREATE TABLE IF NOT EXISTS upload (session TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL,
  handle TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS article (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content TEXT NOT NULL,
  state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, kind TEXT NOT NULL DEFAULT 'normal');
CREATE INDEX IF NOT EXISTS article_by_state ON article (state, created);
CREATE TABLE IF NOT EXISTS task (number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, article TEXT NOT NULL,
  act TEXT NOT NULL, content TEXT NOT NULL, looks INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS task_open ON task (number) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS oa_video (number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, id TEXT NOT NULL,
  name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, looks INTEGER NOT NULL, status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS broadcast (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, articles TEXT NOT NULL,
  target TEXT NOT NULL, created REAL NOT NULL, goes_out REAL NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fetched (url TEXT PRIMARY KEY, sha256 TEXT NOT NULL, media_type TEXT NOT NULL,
  data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS pair (number INTEGER PRIMARY KEY, access TEXT NOT NULL UNIQUE, refresh TEXT NOT NULL UNIQUE,
  alive INTEGER NOT NULL, fresh INTEGER NOT NULL, created REAL NOT NULL, minted REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY, challenge TEXT NOT NULL, created REAL NOT NULL,
  used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS letter (number INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipients TEXT NOT NULL,
  raw BLOB NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, vendor TEXT NOT NULL, call TEXT NOT NULL, fault TEXT NOT NULL,
  times INTEGER NOT NULL, left INTEGER NOT NULL, seconds REAL NOT NULL, moment TEXT NOT NULL DEFAULT '',
  skip INTEGER NOT NULL DEFAULT 0, match TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_TEXT = "TEXT NOT NULL DEFAULT ''"
_NUMBER = "INTEGER NOT NULL DEFAULT 0"
_ADDED = (
    *(("record", name, _TEXT) for name in ("account", "sha256", "pid", "hash")),
    ("article", "kind", "TEXT NOT NULL DEFAULT 'normal'"),
    ("pair", "minted", "REAL NOT NULL DEFAULT 0"),
    ("post", "video", _TEXT),
    ("post", "hidden", _NUMBER),
    ("fault", "moment", _TEXT),
    ("fault", "skip", _NUMBER),
    ("fault", "match", _TEXT),
    ("fault", "detail", "TEXT NOT NULL DEFAULT '{}'"),
)


def lay(db: sqlite3.Connection) -> None:
    """Makes what is missing; what a file of an earlier sandbox holds stays."""
    db.executescript(f"BEGIN;{SCHEMA}COMMIT;")
    for table, column, kind in _ADDED:
        if column not in {row[1] for row in db.execute(f"PRAGMA table_info({table})")}:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    db.execute("UPDATE pair SET minted = created WHERE minted = 0")
