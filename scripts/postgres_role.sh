#!/bin/sh
# Runs once, when the container's database is made. The image's own user is a superuser, for whom row-level security does
# not hold: the project connects as another.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE borgerblik LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE borgerblik OWNER borgerblik;
SQL
