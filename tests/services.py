"""Make ready the services of the scaled tests, or say that there are none: `python -m tests.services`."""

import os
import sys

import psycopg
import redis
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


def ready_database(url: str) -> bool:
    """Whether PostgreSQL answers. What a killed run left is dropped, and whoever is still in it."""
    name = conninfo_to_dict(url)["dbname"]
    try:
        with psycopg.connect(url, dbname="postgres", connect_timeout=3, autocommit=True) as connection:
            left = connection.execute(
                "SELECT datname FROM pg_database WHERE datname ~ ('^test_' || %s || '(_gw[0-9]+)?$')", [name]
            )
            for (test_database,) in left.fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(test_database)))
    except psycopg.OperationalError:
        return False
    return True


def ready_redis(url: str) -> bool:
    """Whether Redis answers."""
    try:
        with redis.Redis.from_url(url, socket_timeout=3) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


if __name__ == "__main__":
    missing = []
    if not ready_database(os.environ["DATABASE_URL"]):
        missing.append("PostgreSQL (TEST_DATABASE_URL)")
    if not ready_redis(os.environ["REDIS_URL"]):
        missing.append("Redis (TEST_REDIS_URL)")
    if missing:
        sys.exit(f"Skipped: the tests on PostgreSQL and Redis, since there is no answer from {' and '.join(missing)}.")
