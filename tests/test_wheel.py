"""The wheel carries rules, targets, headers and templates, and runs without the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
NEEDED = (
    "seer/rewrites/assumed/reassociation.egg",
    "seer/rewrites/datapath/arithmetic.egg",
    "seer/rewrites/control/fusion.py",
    "seer/egraph/language.egg",
    "seer/targets/xc7.toml",
    "seer/frontend/include/stdint.h",
    "seer/lang/include/ap_int.h",
    "seer/bench/templates/results.html.j2",
    "seer/backends/rtl/delays/xc7.toml",
    "seer/backends/rtl/templates/fst/lz4.h",
)


def test_a_built_wheel_runs_by_itself(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [
        *pip,
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(NEEDED) <= set(names)
    assert all(name.startswith(("seer/", "seer_hls-")) for name in names)

    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)], check=True)
    kernel = tmp_path / "k.c"
    kernel.write_text("void k(int a[8]) { for (int i = 0; i < 8; i++) a[i] = a[i] * 2; }\n")
    done = subprocess.run(
        [sys.executable, "-m", "seer", "opt", str(kernel), "--top", "k", "--backend", "none", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where = [sys.executable, "-c", "import seer; print(seer.__file__)"]
    found = subprocess.run(
        where,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(site))
