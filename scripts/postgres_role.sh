#!/bin/sh
# Runs once, when the container's database is made. The image's own user is a superuser, for whom row-level security does
# not hold: the tables are another's, and each service logs in as a role of its own.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --set web="$WEB_PASSWORD" \
    --set sync="$SYNC_PASSWORD" --set console="$CONSOLE_PASSWORD" <<'SQL'
CREATE ROLE borgerblik LOGIN PASSWORD :'password';
CREATE ROLE borgerblik_web LOGIN NOINHERIT PASSWORD :'web';
CREATE ROLE borgerblik_sync LOGIN NOINHERIT PASSWORD :'sync';
CREATE ROLE borgerblik_console LOGIN NOINHERIT PASSWORD :'console';
CREATE DATABASE borgerblik OWNER borgerblik;
SQL
