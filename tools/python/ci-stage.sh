#!/usr/bin/env bash
# OpenAI's Python client and our own SDK for Python against a running system, all in one process with servers of its
# own. Makes a virtual environment in a temporary folder; on a bare Debian it installs Python first. Expects
# node_modules and a build.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_environment() { python3 -m venv "$scratch/venv" >/dev/null 2>&1; }

if ! make_environment; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo 'Python 3 with venv is needed to check the Python client: install python3-venv.' >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
  make_environment
fi
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: \
  --requirement tools/python/requirements.txt
# As its users get it: built, checked and installed, so that a file that the package lacks is missed here.
mkdir "$scratch/packages"
"$scratch/venv/bin/python" tools/release/python_package.py "$scratch/packages"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$scratch"/packages/*.whl
node tools/python/with-system.mjs "$scratch/data" tools/python/checks.sh "$scratch/venv/bin/python" "$scratch"
