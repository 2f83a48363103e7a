"""Write docs/commands.md: the help of every command, as it is printed.

python tools/commands_page.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.main import get_command

from edc_issuer.cli import app

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
_HEAD = "# Commands\n\nWritten by `tools/commands_page.py`; a test compares.\n"


def page() -> str:
    """The whole page: one section for each command, in the order of the help."""
    return "\n".join([_HEAD, *_sections(get_command(app), "edc-issuer")])


def _sections(command: Any, name: str) -> list[str]:
    if hasattr(command, "commands"):
        return [
            section
            for child, one in command.commands.items()
            for section in _sections(one, f"{name} {child}")
        ]
    rows = [row for row in map(_row, command.params) if row]
    table = ["| option | meaning |", "|---|---|", *rows]
    help_text = (command.help or "").strip()
    return [f"## {name}\n\n{help_text}\n", "\n".join(table), ""]


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{(parameter.name or '').upper()}`"
    text = getattr(parameter, "help", None) or ""
    needed = " (required)" if parameter.required else ""
    return f"| {names} | {text}{needed} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
