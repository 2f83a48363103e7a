"""Build the wheel, install it into an empty environment, run the demo from it.

What works in a checkout can be missing from a wheel (contexts, records, texts);
this finds out before a user does. Needs the package registry for dependencies.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Exit 0 where the demo of the installed wheel ran to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
        wheel = next(folder.glob("*.whl"))
        environment = folder / "environment"
        venv.create(environment, with_pip=True)
        python = environment / "bin" / "python"
        _run(python, "-m", "pip", "install", "--quiet", f"{wheel}[render]")
        # Anywhere but the checkout, so that nothing of it can be found by chance.
        _run(environment / "bin" / "edc-issuer", "demo", "--out", "demo", cwd=folder)
        made = list((folder / "demo" / "credentials").iterdir())
        if len(made) < 12:
            sys.exit(f"the demo made {len(made)} files, 12 and one forgery expected")
    print("The wheel installs into an empty environment, and its demo runs.")


def _run(*command: object, cwd: Path | None = None) -> None:
    words = [str(word) for word in command]
    run = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"{' '.join(words)}\n{run.stdout}\n{run.stderr}")


if __name__ == "__main__":
    main()
