# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from appliance.release import signature
from appliance.release.signature import ReleaseError, sign, signer
from tests.release.made import bundle

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
KEYS = {"ours": KEY.public_key().public_bytes_raw()}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = bundle(tmp_path_factory.mktemp("signed") / "a.tar")
    sign(path, KEY)
    return path.read_bytes()


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.tar"
    path.write_bytes(content)
    return path


def test_who_signed_is_named(tmp_path: Path, signed: bytes) -> None:
    """A bundle that nobody changed is its signer's, whichever of the known keys that is."""
    theirs = {"other": OTHER.public_key().public_bytes_raw(), **KEYS}
    assert signer(written(tmp_path, signed), theirs) == "ours"


def test_tar_reads_a_signed_bundle_as_before(tmp_path: Path, signed: bytes) -> None:
    """What stands behind the end of the archive is nothing to tar, GNU's and Python's."""
    listed = subprocess.run(
        [shutil.which("tar") or "tar", "-tf", written(tmp_path, signed)], capture_output=True, text=True, check=True
    )
    assert (listed.stdout.splitlines()[-1], listed.stderr) == ("earwitness-1.2.3-aarch64/RELEASE", "")


def test_a_second_signature_takes_the_place_of_the_first(tmp_path: Path, signed: bytes) -> None:
    """Whoever signs again changes nothing but the signature."""
    path = written(tmp_path, signed)
    sign(path, OTHER)
    sign(path, KEY)
    assert path.read_bytes() == signed


@given(at=st.integers(0), bit=st.integers(0, 7))
def test_any_changed_bit_is_found(tmp_path_factory: pytest.TempPathFactory, signed: bytes, at: int, bit: int) -> None:
    """No bit of what is signed, nor of the signature, can be changed; the padding behind it says nothing."""
    changed = bytearray(signed)
    behind = signed.rindex(b"=\n") + 1
    changed[at % behind] ^= 1 << bit
    with pytest.raises(ReleaseError):
        signer(written(tmp_path_factory.getbasetemp(), bytes(changed)), KEYS)


@pytest.mark.parametrize("cut", [1, 512, 513, 1024])
def test_a_bundle_that_was_cut_is_refused(tmp_path: Path, signed: bytes, cut: int) -> None:
    """Half a download is no release."""
    with pytest.raises(ReleaseError):
        signer(written(tmp_path, signed[:-cut]), KEYS)


def test_whoever_is_not_known_is_refused(tmp_path: Path, signed: bytes) -> None:
    """A good signature of somebody else counts for nothing; nor does any while nobody is known."""
    path = written(tmp_path, signed)
    with pytest.raises(ReleaseError, match="somebody else"):
        signer(path, {"other": OTHER.public_key().public_bytes_raw()})
    with pytest.raises(ReleaseError, match="knows nobody"):
        signer(path, {})
    with pytest.raises(ReleaseError, match="not signed"):
        signer(bundle(tmp_path / "b.tar"), KEYS)


def test_what_cannot_be_a_release_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed: bytes) -> None:
    """Nothing, and more than any release has, are refused by their size."""
    with pytest.raises(ReleaseError, match="0 bytes"):
        signer(written(tmp_path, b""), KEYS)
    monkeypatch.setattr(signature, "RELEASE_BYTES", len(signed) - 1)
    with pytest.raises(ReleaseError, match="bytes"):
        signer(written(tmp_path, signed), KEYS)
