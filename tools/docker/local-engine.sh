#!/usr/bin/env bash
# A Docker engine of its own on a bare Debian machine, for checks only: `local-engine.sh start <folder>` and
# `local-engine.sh stop <folder>`. It shares nothing with an engine that the machine already has: its socket, images,
# containers and client configuration are all in the folder. Needs root.
#
# After a start, `. <folder>/env` sets DOCKER_HOST and DOCKER_CONFIG for the client.
set -eu

usage='Usage: local-engine.sh start|stop <folder>'
action=${1:?$usage}
folder=${2:?$usage}

say() { echo "docker: $*" >&2; }

# The daemon, from the distribution. iptables gives containers their way out of the bridge.
install_engine() {
  local needed=()
  command -v dockerd >/dev/null || needed+=(docker.io)
  command -v iptables >/dev/null || needed+=(iptables)
  [ ${#needed[@]} -gt 0 ] || return 0
  say "installing ${needed[*]}"
  apt-get update -qq
  # policy-rc.d keeps the package from starting the machine's own engine, which nobody here asked for.
  local policy=/usr/sbin/policy-rc.d made=
  [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=yes; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >"$folder/apt.log" 2>&1 ||
    { cat "$folder/apt.log" >&2; [ -z "$made" ] || rm -f "$policy"; return 1; }
  [ -z "$made" ] || rm -f "$policy"
}

# Compose 2 and buildx came to Debian with trixie. Both are single static programs, so they run on bookworm too; they
# are unpacked as the client's plugins and not installed, because nothing else of trixie should come along.
install_plugins() {
  if docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; then return; fi
  local apt=$folder/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  # The machine's own mirror, whichever that is.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | grep -v -- -security | head -n 1)
  [ -n "$mirror" ] || { say 'no Debian mirror among the apt sources, so no Compose plugin'; return 1; }
  say 'fetching the Compose and buildx plugins'
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$DOCKER_CONFIG/cli-plugins"
  echo "deb [signed-by=$keyring] $mirror trixie main" >"$apt/sources.list"
  local options=(
    -o "Dir::Etc::SourceList=$apt/sources.list" -o 'Dir::Etc::SourceParts=/dev/null'
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o 'APT::Sandbox::User=root'
  )
  apt-get "${options[@]}" update -qq
  (cd "$apt" && apt-get "${options[@]}" download -qq docker-compose docker-buildx)
  local package
  for package in "$apt"/docker-*.deb; do dpkg-deb -x "$package" "$apt/unpacked"; done
  find "$apt/unpacked" -path '*/cli-plugins/*' -type f -exec cp {} "$DOCKER_CONFIG/cli-plugins/" \;
  rm -rf "$apt"
}

start() {
  mkdir -p "$folder/config"
  folder=$(cd "$folder" && pwd)
  export DOCKER_HOST="unix://$folder/docker.sock" DOCKER_CONFIG="$folder/config"
  install_engine
  install_plugins
  printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q\n' "$DOCKER_HOST" "$DOCKER_CONFIG" >"$folder/env"
  setsid dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" \
    --pidfile "$folder/docker.pid" >"$folder/dockerd.log" 2>&1 </dev/null &
  local daemon=$!
  # A socket cannot be waited for, so it is asked, for at most half a minute.
  for _ in $(seq 150); do
    if docker info >/dev/null 2>&1; then say 'the engine is ready'; return; fi
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.2
  done
  say 'the engine did not start; its last lines:'
  tail -n 5 "$folder/dockerd.log" >&2
  return 1
}

stop() {
  [ -s "$folder/docker.pid" ] || return 0
  local pid
  pid=$(cat "$folder/docker.pid")
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 150); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  say "the engine (process $pid) did not stop in half a minute"
  return 1
}

case $action in
start) start ;;
stop) stop ;;
*) echo "$usage" >&2 && exit 2 ;;
esac
