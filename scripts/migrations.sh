#!/usr/bin/env bash
# Runs all migrations once from empty, on SQLite and on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DATABASE_URL="sqlite:///$work/empty.sqlite3" .venv/bin/python manage.py migrate -v0
echo "migrations on SQLite: done"
DATABASE_URL="sqlite:///$work/quick.sqlite3" .venv/bin/python manage.py shell -v0 \
  -c "from devtools.tables import make_tables; make_tables()"
.venv/bin/python -m devtools.compare_tables "$work/empty.sqlite3" "$work/quick.sqlite3"
url=$(scripts/postgres.sh)
name="shanhuo_migrations_$$"
.venv/bin/python - "$url" "$name" create <<'PY'
import sys, psycopg
url, name, _ = sys.argv[1:]
with psycopg.connect(url, autocommit=True) as c:
    c.execute(f'create database "{name}"')
PY
code=0
DATABASE_URL="${url%/*}/$name" .venv/bin/python manage.py migrate -v0 || code=$?
.venv/bin/python - "$url" "$name" <<'PY'
import sys, psycopg
url, name = sys.argv[1:]
with psycopg.connect(url, autocommit=True) as c:
    c.execute(f'drop database "{name}"')
PY
[ "$code" = 0 ] && echo "migrations on PostgreSQL: done"
exit "$code"
