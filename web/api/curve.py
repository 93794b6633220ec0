# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast an upload went, tenth of a second by tenth of a second, as its evidence shows."""

from typing import Annotated

from flask import Response, abort
from pydantic import Field

from appliance.capture import CaptureError
from appliance.diary.entries import entry
from appliance.diary.kept import kept
from appliance.diary.usual import lasted
from appliance.evidence import Shelf
from appliance.evidence.rate import rate
from appliance.limits import UPLOAD_AFTER_S, UPLOAD_BEFORE_S
from appliance.report.contract import Part, Seconds
from web.access import Access, Scope, access
from web.api.resource import answer, answers, resource
from web.api.uploads import UploadPath
from web.house import the_house

curves = resource("curve", "How fast uploads went.")


class Curve(Part):
    """Bytes of payload, in stretches of ``step`` seconds; what was heard meanwhile is under /sounds."""

    started_at: Annotated[Seconds, Field(description="When the upload began.")]
    first: Annotated[
        float, Field(description="When the first stretch begins, in seconds after that; before it, mostly.")
    ]
    step: float
    up: list[int]
    down: list[int]


@curves.get("/uploads/<int:id>/curve", responses=answers(Curve))
@access(Access.VIEWER, scope=Scope.READ)
def get_curve(path: UploadPath) -> Response:
    """Return the rate of an upload, and of what came back, from some seconds before it to some after."""
    house = the_house()
    with house.reader() as reader:
        found = entry(reader, path.id) or abort(404, "There is no such upload, or no more.")
        capture = kept(reader, Shelf(house.settings.paths.evidence, house.settings.evidence), found)
    sent = found.verdict.upload
    if sent is None or capture is None:
        abort(404, "No evidence is kept of it, or not any more.")
    try:
        seen = rate(capture.path, sent.flow, UPLOAD_BEFORE_S, lasted(sent) + UPLOAD_AFTER_S)
    except (CaptureError, OSError):
        abort(404, "Its evidence cannot be read, or is just being dropped.")
    told = Curve(started_at=sent.started_at, first=seen.first, step=seen.step, up=list(seen.up), down=list(seen.down))
    return answer(told)
