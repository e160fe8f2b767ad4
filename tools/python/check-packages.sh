#!/usr/bin/env bash
# Whether the packages in `<folder>/packages` hold what users need: `check-packages.sh <python> <folder>`. Both make the
# same package; nothing of the repository but the package is in them.
set -eu
python=$1
scratch=$2

"$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
  --target "$scratch/from-source" "$scratch"/packages/*.tar.gz
"$python" - "$scratch" <<'PYTHON'
import pathlib, sys, tarfile, zipfile

scratch = pathlib.Path(sys.argv[1])
(wheel,) = (scratch / "packages").glob("*.whl")
(source,) = (scratch / "packages").glob("*.tar.gz")
in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
built = {
    str(path.relative_to(scratch / "from-source"))
    for path in (scratch / "from-source" / "headrace").rglob("*")
    if path.is_file() and path.suffix != ".pyc"
}
in_source = {name.partition("/")[2] for name in tarfile.open(source).getnames()}

assert in_wheel == built, f"wheel and source package differ: {sorted(in_wheel ^ built)}"
assert {"headrace/py.typed", "headrace/_async/client.py", "headrace/_sync/client.py"} <= in_wheel, sorted(in_wheel)
assert {"README.md", "LICENSE", "pyproject.toml", "src/headrace/py.typed"} <= in_source, sorted(in_source)
assert not any(name.startswith(("tests", "dist")) for name in in_source), sorted(in_source)
assert wheel.stat().st_size < 80_000, f"the wheel has {wheel.stat().st_size} bytes"

import headrace

assert headrace.__file__.startswith(sys.prefix), headrace.__file__
assert f"headrace-{headrace.__version__}-py3-none-any.whl" == wheel.name, wheel.name
print(f"passed packages: {wheel.name} with {len(in_wheel)} files, {wheel.stat().st_size} bytes")
PYTHON
