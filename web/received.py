# SPDX-License-Identifier: GPL-2.0-or-later
"""Large files that somebody uploads: written to the house's disk as they come, never kept in memory.

The usual folder for such files is often in memory, and a backup or a release is larger than what the hub may have.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request, abort

from appliance.health.machine import read_disk
from appliance.language import translate
from appliance.limits import UPLOAD_MEMORY_BYTES, UPLOAD_SPARE_BYTES
from web.house import the_house


class Receiving(Request):
    """A request whose files go to the house's disk, if there is room for them."""

    def _get_file_stream(  # the hook that werkzeug documents for this
        self,
        total_content_length: int | None,
        content_type: str | None,  # noqa: ARG002 - werkzeug's signature
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        state = the_house().settings.paths.state
        disk = read_disk(state)
        if disk is None or disk.free < (total_content_length or 0) + UPLOAD_SPARE_BYTES:
            abort(413, translate("There is too little room on the disk for this file."))
        return cast("IO[bytes]", SpooledTemporaryFile(max_size=UPLOAD_MEMORY_BYTES, mode="w+b", dir=str(state)))
