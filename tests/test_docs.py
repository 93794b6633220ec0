# SPDX-License-Identifier: GPL-2.0-or-later
"""What the documents point at is there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import main
from tests.conftest import ROOT

DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(ROOT.glob("docs/*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    """Each relative link and picture of a document exists."""
    links = re.findall(r"(?:\]\(|src=\")(?!https?://|#)([^)#\"]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_document_is_found_from_the_readme() -> None:
    """The README links each page of docs/."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(ROOT.glob("docs/*.md")) if f"](docs/{page.name})" not in readme] == []


def test_every_command_of_the_readme_exists() -> None:
    """Whatever the README tells to type, with the options it names, the command knows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command, options in re.findall(r"earwitness ([a-z-]+(?: check)?)([^`\n|]*)", readme):
        helped = CliRunner().invoke(main, [*command.split(), "--help"])
        assert helped.exit_code == 0, command
        assert all(option in helped.output for option in re.findall(r"--[a-z]+", options))
