#!/bin/sh
# Runs once, in an empty data folder: each service gets its own database, its own role and its own password.
set -eu
for service in $CONCORD_SERVICES; do
  password=$(cat "/run/secrets/${service}_password")
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" -v service="$service" -v password="$password" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
