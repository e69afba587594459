"""The job every peer does: one POST to the sink, and where it keeps a log, one durable INSERT.

Told by the environment: BENCH_SINK, BENCH_DATABASE, BENCH_REDIS, BENCH_VISIBILITY (seconds).
"""

from __future__ import annotations

import os
import threading

import psycopg
import requests

SINK = os.environ.get("BENCH_SINK", "")
DATABASE = os.environ.get("BENCH_DATABASE", "")
REDIS = os.environ.get("BENCH_REDIS", "")
BODY = {"title": "Lịch thu gom rác thải cồng kềnh tháng 12", "text": "Mang ra nhà văn hóa tổ 5 trước 7 giờ sáng. " * 8}
SCHEMA = """
CREATE TABLE peer_log (id bigserial PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE peer_job (id bigserial PRIMARY KEY, name text NOT NULL, due_at timestamptz NOT NULL,
                       state text NOT NULL DEFAULT 'waiting');
CREATE INDEX peer_job_due ON peer_job (due_at, id) WHERE state = 'waiting';
"""
_local = threading.local()


def post(name: str) -> None:
    session = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
        session.trust_env = False
    session.post(f"{SINK}/{name}", json=BODY, timeout=30).raise_for_status()


def log(name: str) -> None:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = psycopg.connect(DATABASE, autocommit=True)
    connection.execute("INSERT INTO peer_log (name) VALUES (%s)", [name])


def post_and_log(name: str) -> None:
    post(name)
    log(name)
