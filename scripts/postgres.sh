#!/usr/bin/env bash
# Prints a DATABASE_URL of a PostgreSQL on loopback where tests may make databases; starts or
# installs one when there is none. TEST_DATABASE_URL wins when it is set.
set -euo pipefail
if [ -n "${TEST_DATABASE_URL:-}" ]; then echo "$TEST_DATABASE_URL"; exit 0; fi
log=.cache/postgres.log
mkdir -p .cache
up() { pg_isready -q -h 127.0.0.1 -p 5432; }
as_admin() { su postgres -c "psql -qAt -c \"$1\""; }
if ! command -v pg_isready >/dev/null || ! up; then
  [ "$(id -u)" = 0 ] || { echo "✗ PostgreSQL does not answer on 127.0.0.1:5432; set TEST_DATABASE_URL." >&2; exit 1; }
  command -v pg_ctlcluster >/dev/null || { apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql; } >"$log" 2>&1
  up || pg_ctlcluster --skip-systemctl-redirect "$(ls /etc/postgresql | tail -n 1)" main start >>"$log" 2>&1 || true
  for _ in 1 2 3 4 5 6 7 8 9 10; do up && break; sleep 1; done
  up || { echo "✗ PostgreSQL could not be started." >&2; exit 1; }
fi
if psql -qAt -h 127.0.0.1 -U postgres -w -c 'select 1' postgres >/dev/null 2>&1; then
  echo "postgres://postgres@127.0.0.1:5432/postgres"
else
  as_admin "do \\\$\\\$ begin if not exists (select from pg_roles where rolname='shanhuo') then create role shanhuo login createdb password 'shanhuo'; end if; end \\\$\\\$" >>"$log" 2>&1
  echo "postgres://shanhuo:shanhuo@127.0.0.1:5432/postgres"
fi
