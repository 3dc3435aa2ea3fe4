"""Make ready the services of the scaled tests, or say that there are none: `python -m tests.services`."""

import os
import sys

import psycopg
import redis
from psycopg import sql


def ready_database(url: str) -> bool:
    """Whether PostgreSQL answers; the test databases of a run that was killed are dropped, with whoever is still in them."""
    server, _, name = url.rpartition("/")
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=3, autocommit=True) as connection:
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
