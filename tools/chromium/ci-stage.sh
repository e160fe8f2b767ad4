#!/usr/bin/env bash
# The tests in a real browser: `ci-stage.sh <file for Jest's results>`. Takes the Chromium that CHROMIUM_BIN names, or
# the machine's own, and installs one on a bare Debian. Where none can be had it says so in one line, succeeds, and
# writes no results. Expects node_modules and a build.
set -eu
results=$1
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

skip() {
  echo "Chromium is not tested with: $*"
  exit 0
}

runs() { "$1" --version >/dev/null 2>&1; }

find_chromium() {
  for name in chromium chromium-browser google-chrome; do
    if runs "$name"; then
      export CHROMIUM_BIN=$name
      return
    fi
  done
  return 1
}

install_chromium() {
  timeout 60 apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install -y -qq --no-install-recommends chromium
}

if [ -n "${CHROMIUM_BIN:-}" ]; then
  # Somebody wants this one: another would test something else than they believe.
  runs "$CHROMIUM_BIN" || {
    echo "CHROMIUM_BIN is $CHROMIUM_BIN, which does not run: name a Chromium, or unset it." >&2
    exit 1
  }
elif ! find_chromium; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    skip 'none is installed, and only root on Debian can install one here.'
  said=$(install_chromium 2>&1) || skip "apt-get cannot install it ($(tail -n 1 <<<"$said"))."
  find_chromium || skip 'the one that apt-get installed does not run.'
fi

# Jest replaces it; should Jest end before that, what cannot be read counts as a failure.
: >"$results"
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --config tools/chromium/jest.config.mjs \
  --json --outputFile="$results"
