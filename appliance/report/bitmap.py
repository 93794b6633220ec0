# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures as PNG, rendered with the font that comes with them."""

from pathlib import Path

from resvg_py import svg_to_bytes

from appliance.report.model import Report
from appliance.report.palette import Theme
from appliance.report.standalone import picture

FONTS = Path(__file__).parent / "fonts"
#: Pixels of the PNG for one of the picture: sharp on today's screens.
ZOOM = 2.0


def png(report: Report, theme: Theme = "light") -> bytes:
    """``report`` as PNG in the colours of ``theme`` (a PNG cannot follow its reader, so ``auto`` is light)."""
    return rendered(picture(report, "dark" if theme == "dark" else "light"))


def rendered(drawn: str) -> bytes:
    """Return a picture, given as SVG, as PNG."""
    files = [str(FONTS / "figtree-400.ttf"), str(FONTS / "figtree-600.ttf")]
    return svg_to_bytes(
        svg_string=drawn, zoom=ZOOM, font_files=files, font_family="Figtree", sans_serif_family="Figtree"
    )
