"""`python python_package.py <folder>`: builds the Python package into a folder, and checks what its users would get.

The Python that runs this needs hatchling and httpx: see tools/python/requirements.txt.
"""

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "libs" / "sdk" / "python"
# What a customer writes first; it must do with nothing but the installed files.
FIRST_USE = "import headrace; assert headrace.__file__.startswith({target!r}); headrace.Headrace; headrace.AsyncHeadrace"


def build(folder: Path) -> tuple[Path, Path]:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=SOURCE, check=True, stderr=subprocess.DEVNULL, timeout=120)
    return next(folder.glob("headrace-*.whl")), next(folder.glob("headrace-*.tar.gz"))


def check_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata_name = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
    assert "headrace/py.typed" in names, "the types are not marked as such"
    assert any(name.endswith("/licenses/LICENSE") for name in names), "the licence is missing"
    assert all(name.startswith("headrace") for name in names), f"more than the package: {names}"
    assert not [name for name in names if "test" in name or "__pycache__" in name], f"tests: {names}"
    assert metadata["Name"] == "headrace" and metadata["License-Expression"] == "Apache-2.0", str(metadata)
    assert len(str(metadata.get_payload())) > 1000, "the README is missing"


def check_source(source: Path) -> None:
    with tarfile.open(source) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "src/headrace/py.typed"} <= names, names
    assert not [name for name in names if name.startswith("tests") or "cache" in name], names


def check_use(wheel: Path) -> None:
    with tempfile.TemporaryDirectory() as target:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target]
        subprocess.run([*pip, str(wheel)], check=True, timeout=120)
        script = f"import sys; sys.path.insert(0, {target!r}); " + FIRST_USE.format(target=target)
        subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def main() -> None:
    wheel, source = build(Path(sys.argv[1]).resolve())
    check_wheel(wheel)
    check_source(source)
    check_use(wheel)
    print(f"{wheel.name}\n{source.name}")


if __name__ == "__main__":
    main()
