#!/bin/sh
# What Headrace needs of the official NATS image's entry point, for the image that local-images.sh makes: options
# alone are options of the server.
set -eu

case ${1:-} in
-*) set -- nats-server "$@" ;;
esac
exec "$@"
