#!/bin/bash
# Succeeds when the service in this container serves requests. In bash alone, because the image has no HTTP client but
# Node, and a Node process for every check of every container costs a tenth of a second of CPU each time.
exec 3<>"/dev/tcp/127.0.0.1/${HEADRACE_PORT:-4100}" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[ "$status" = 200 ]
