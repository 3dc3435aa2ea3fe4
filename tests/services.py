"""Say whether the services answer that the scaled tests need: `python -m tests.services`."""

import os
import sys

import psycopg
import redis


def unanswered(database_url: str, redis_url: str) -> list[str]:
    """The services, by name, that cannot be used."""
    missing = []
    server, _, _ = database_url.rpartition("/")
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        missing.append("PostgreSQL (TEST_DATABASE_URL)")
    try:
        with redis.Redis.from_url(redis_url, socket_timeout=3) as client:
            client.ping()
    except redis.RedisError:
        missing.append("Redis (TEST_REDIS_URL)")
    return missing


if __name__ == "__main__" and (missing := unanswered(os.environ["DATABASE_URL"], os.environ["REDIS_URL"])):
    sys.exit(f"Skipped: the tests on PostgreSQL and Redis, since there is no answer from {' and '.join(missing)}.")
