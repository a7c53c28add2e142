"""Remakes every golden file and the demo, or with --check compares what is here with fresh ones byte for byte.

Usage: make_all.py [--check] [--no-demo]     the demo is trained, which takes some minutes; the rest takes seconds
"""

import shutil
import subprocess
import sys

import golden

FAMILIES = [
    "sasrec",
    "recurrent",
    "gru4rec",
    "gru4rec_hidasib",
    "sequential",
    "catalogue",
    "bert4rec",
    "bert",
    "autoencoders",
    "lightgcn",
    "graphsage",
    "neumf",
    "ctr",
    "interest",
    "two_tower",
    "gsasrec",
    "narm",
    "convolutional",
    "sequential_conv",
    "gcn",
    "srgnn",
    "multi_interest",
    "policy",
    "kmeans",
]


def unknown_cases():
    """Case folders that no script makes any more."""
    known = {name for family in FAMILIES for name in __import__(f"make_{family}").VARIANTS}
    return sorted(folder.name for folder in golden.CASES.iterdir() if folder.name not in known)


def main(arguments):
    if not set(arguments) <= {"--check", "--no-demo"}:
        print(__doc__, file=sys.stderr)
        return 2
    check = ["--check"] if "--check" in arguments else []
    scripts = [*FAMILIES, "ops"] + ([] if "--no-demo" in arguments else ["demo"])
    if not check:
        for folder in (golden.CASES, golden.REFERENCE / "ops"):
            shutil.rmtree(folder, ignore_errors=True)
    failed = []
    for script in scripts:
        path = golden.REFERENCE / f"make_{script}.py"
        if subprocess.run([sys.executable, path, *check], check=False).returncode != 0:
            failed.append(script)
    for name in unknown_cases():
        print(f"no script makes cases/{name}", file=sys.stderr)
        failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
