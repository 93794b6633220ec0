# SPDX-License-Identifier: GPL-2.0-or-later
import platform
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance import __version__
from appliance.cli import main
from tests.release.made import LABEL, bundle

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["release", *map(str, arguments)])


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of rules that trusts the key beside it, signing.pem."""
    made = run("key", tmp_path / "signing.pem")
    folder = tmp_path / "rules.d"
    folder.mkdir()
    rule = f"releases: [{{id: us, key: {made.output.strip()}, source: our page}}]\n"
    (folder / "release.yaml").write_text(rule, encoding="utf-8")
    return folder


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """The private key is its owner's alone; asked again, the same public one is printed."""
    first, second = (run("key", tmp_path / "signing.pem") for _ in range(2))
    assert first.output == second.output
    assert stat.S_IMODE((tmp_path / "signing.pem").stat().st_mode) == 0o600


def test_a_bundle_that_was_signed_is_known(tmp_path: Path, rules: Path) -> None:
    """What it is and who vouches for it is one line."""
    path = bundle(tmp_path / "a.tar")
    assert run("sign", path, "--key", tmp_path / "signing.pem").exit_code == 0
    assert run("check", path, "--rules", rules).output == "Earwitness 1.2.3 for aarch64, signed by us\n"
    assert run("check", path).exit_code == 2, "nobody is trusted without a rule"


def test_what_is_not_for_this_machine_is_refused(tmp_path: Path, rules: Path) -> None:
    """Asked whether it may be installed here, the machine and the version count too."""
    here = LABEL.replace("aarch64", platform.machine()).replace("3.11", PYTHON)
    older = here.replace("1.2.3", "0.0.1")
    for label, status in ((here, 0), (older, 2), (here.replace(platform.machine(), "vax"), 2)):
        path = bundle(tmp_path / "a.tar", label)
        run("sign", path, "--key", tmp_path / "signing.pem")
        assert run("check", "--here", path, "--rules", rules).exit_code == status
    assert __version__ > "0.0.1"


@pytest.mark.parametrize("content", [b"", b"a song", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_signs_nothing(tmp_path: Path, content: bytes) -> None:
    """Another file in the key's place is named, and the bundle stays as it is."""
    (tmp_path / "signing.pem").write_bytes(content)
    path = bundle(tmp_path / "a.tar")
    before = path.read_bytes()
    refused = run("sign", path, "--key", tmp_path / "signing.pem")
    assert (refused.exit_code, path.read_bytes()) == (2, before)
    assert "signing.pem" in refused.output
