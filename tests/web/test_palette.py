# SPDX-License-Identifier: GPL-2.0-or-later
from web.frame import _STATIC
from web.palette import style_sheet


def test_the_pages_have_the_colours_of_the_reports() -> None:
    """The committed style sheet of colours is the one that the reports' palette makes."""
    assert (_STATIC / "css/palette.css").read_text() == style_sheet(), (
        "python -m web.palette > web/static/css/palette.css"
    )
