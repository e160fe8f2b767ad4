#!/usr/bin/env bash
# What is checked in Python beside a running system: `checks.sh <python> <folder for caches>`. All of it runs, also after
# something has failed.
set -u
python=$1
scratch=$2
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 RUFF_NO_CACHE=true

failed=0
"$python" tools/python/make_sync.py --check || failed=1
(cd libs/sdk/python && "$python" -m ruff check --quiet) || failed=1
"$python" tools/python/openai_client.py || failed=1
# The tests find the installed package: pytest does not put `src` on the path.
"$python" -m pytest --rootdir libs/sdk/python libs/sdk/python/tests || failed=1
(cd libs/sdk/python && "$python" -m mypy --cache-dir "$scratch/mypy") || failed=1
exit "$failed"
