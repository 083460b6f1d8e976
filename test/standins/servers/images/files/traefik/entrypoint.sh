#!/bin/sh
# As in the official image: options and commands are for traefik.
set -e
case "$1" in -* | healthcheck | version) set -- traefik "$@" ;; esac
exec "$@"
