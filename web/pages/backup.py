# SPDX-License-Identifier: GPL-2.0-or-later
"""Backup and restore: one file to take away, and to bring back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appliance.language import translate
from appliance.limits import PASSPHRASE_LEAST, RESTORE_UPLOAD_BYTES
from appliance.settings import SETTINGS
from appliance.upkeep.backup import BackupError
from appliance.upkeep.backup import backup as chunks
from appliance.upkeep.restore import RestoreError, stage
from web.access import Access, access
from web.house import the_house

backup = Blueprint("backup", __name__)


@backup.post("/settings/backup")
@access(Access.OWNER)
def make() -> ResponseReturnValue:
    """Send a backup, as it is made."""
    words, again = request.form.get("passphrase", ""), request.form.get("again", "")
    if problem := _refused(words, again):
        flash(problem, "error")
        return redirect(url_for("settings.show", _anchor="backup"), 303)
    house = the_house()
    made = chunks(SETTINGS, house.settings.paths, words, house.now())
    try:
        first = next(made)
    except BackupError as error:
        flash(str(error), "error")
        return redirect(url_for("settings.show", _anchor="backup"), 303)
    day = datetime.fromtimestamp(house.now(), UTC).strftime("%Y-%m-%d")
    name = f"earwitness-{day}.{'tar.gz.age' if words else 'tar.gz'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(_after(first, made), mimetype="application/octet-stream", headers=headers)


@backup.post("/settings/restore")
@access(Access.OWNER, attempts=True, body=RESTORE_UPLOAD_BYTES)
def restore() -> ResponseReturnValue:
    """Check a backup, and lay it ready: the hub then ends, and begins with it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(translate("Choose the file of a backup."), "error")
        return redirect(url_for("settings.show", _anchor="restore"), 303)
    try:
        staged = stage(cast("BinaryIO", file.stream), request.form.get("passphrase", ""), the_house().settings.paths)
    except RestoreError as error:
        flash(str(error), "error")
        return redirect(url_for("settings.show", _anchor="restore"), 303)
    return render_template("restored.html", staged=staged)


def _refused(words: str, again: str) -> str:
    """Say why no backup is made with these words; nothing if it is. None at all are fine."""
    if words != again:
        return translate("The two passphrases differ: nothing was made.")
    if words and len(words) < PASSPHRASE_LEAST:
        return translate(
            "A passphrase of a backup has at least {least} characters: whoever has the file can try as often as they "
            "like.",
            least=PASSPHRASE_LEAST,
        )
    return ""


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
