# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.release import Release, ReleaseError, examine, sign, unfit
from tests.release.made import LABEL, bundle

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = {"ours": KEY.public_key().public_bytes_raw()}
HERE = ("1.2.3", "aarch64", "3.13")


def of(path: Path) -> Release:
    sign(path, KEY)
    return examine(path, KEYS)


def test_a_bundle_says_what_it_is(tmp_path: Path) -> None:
    """Version, machine, Pythons, when it was made, what has changed, and who says so."""
    expected = Release("1.2.3", "aarch64", ("3.11", "3.13"), 1763900000, "# Changelog\n", "ours")
    assert of(bundle(tmp_path / "a.tar")) == expected


@pytest.mark.parametrize(
    "label",
    [
        "",
        "version 1.2.3\n",
        LABEL.replace("1763900000", "soon"),
        LABEL.replace("1.2.3", "1.2rc1"),
        LABEL.replace(" ", ""),
    ],
)
def test_a_label_that_cannot_be_read_is_refused(tmp_path: Path, label: str) -> None:
    """Even what is signed has to say what it is, in a way that can be compared."""
    with pytest.raises(ReleaseError, match="signed"):
        of(bundle(tmp_path / "a.tar", label))


def test_what_is_signed_and_no_tar_is_refused(tmp_path: Path) -> None:
    """Somebody signed the wrong file."""
    path = tmp_path / "a.tar"
    path.write_bytes(b"a photo" * 200)
    with pytest.raises(ReleaseError, match="signed"):
        of(path)


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (HERE, None),
        (("1.2.2", "aarch64", "3.11"), None),
        (("0.10.0", "aarch64", "3.11"), None),
        (("1.2.3", "x86_64", "3.13"), "for aarch64"),
        (("1.2.3", "aarch64", "3.12"), "Python 3.11 and 3.13"),
        (("1.2.4", "aarch64", "3.13"), "older"),
        (("1.10.0", "aarch64", "3.13"), "older"),
    ],
)
def test_which_machine_can_take_it(here: tuple[str, str, str], reason: str | None) -> None:
    """The architecture and Python must be the machine's, and the version no older than what runs."""
    said = unfit(Release("1.2.3", "aarch64", ("3.11", "3.13"), 0, "", "ours"), *here)
    assert said is None if reason is None else reason in (said or "")
