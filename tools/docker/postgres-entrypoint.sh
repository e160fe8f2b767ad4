#!/bin/sh
# What Headrace needs of the official Postgres image's entry point, for the image that local-images.sh makes.
set -eu

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres /var/lib/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  password=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:?Set POSTGRES_PASSWORD}" >"$password"
  initdb --pgdata="$PGDATA" --username="$user" --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8 >/dev/null
  rm -f "$password"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  database=${POSTGRES_DB:-$user}
  # Single-user mode: nobody can connect before the database is complete.
  [ "$database" = postgres ] || echo "CREATE DATABASE \"$database\"" | postgres --single -D "$PGDATA" postgres >/dev/null
fi

case ${1:-} in
postgres) shift && exec postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@" ;;
*) exec "$@" ;;
esac
