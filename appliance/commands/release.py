# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness release``: for whoever builds releases, and for install.sh, which asks whether it may take one."""

import os
import platform
import sys
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from appliance import __version__
from appliance.commands.captures import rules_of, rules_option
from appliance.commands.words import refuse
from appliance.release import ReleaseError, examine, sign, unfit

_bundle = click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_KEY = click.Path(dir_okay=False, path_type=Path)


@click.group()
def release() -> None:
    """Sign the bundles of releases, and check them."""


@release.command()
@click.argument("file", type=_KEY)
def key(file: Path) -> None:
    """Print the public key that belongs to a private one, for a rule. If FILE is not there it is made."""
    with suppress(FileExistsError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as made:
            made.write(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = _private(file).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    click.echo(b64encode(public).decode())


@release.command("sign")
@_bundle
@click.option("--key", "file", type=_KEY, required=True, help="The private key, as `earwitness release key` makes it.")
def sign_bundle(bundle: Path, file: Path) -> None:
    """Put a signature behind a bundle."""
    try:
        sign(bundle, _private(file))
    except ReleaseError as error:
        refuse(str(error))


@release.command()
@_bundle
@rules_option
@click.option("--here", is_flag=True, help="Refuse what this machine cannot take, and what is older than this program.")
def check(bundle: Path, overrides: Path | None, *, here: bool) -> None:
    """Say what a bundle is if its signature is good, and end with status 2 otherwise."""
    try:
        found = examine(bundle, rules_of(overrides).releases)
    except ReleaseError as error:
        refuse(str(error))
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if here and (reason := unfit(found, __version__, platform.machine(), python)):
        refuse(f"{bundle.name} is not installed: {reason}")
    click.echo(f"Earwitness {found.version} for {found.architecture}, signed by {found.signed_by}")


def _private(file: Path) -> Ed25519PrivateKey:
    """Return a private key, or end with what is wrong with the file."""
    try:
        private = load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        refuse(f"{file} holds no private key that can be read without a password: {error}")
    if not isinstance(private, Ed25519PrivateKey):
        refuse(f"{file} holds a key of another kind than Ed25519")
    return private
