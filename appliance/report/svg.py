# SPDX-License-Identifier: GPL-2.0-or-later
"""Writing SVG: elements whose attributes and texts are always escaped."""

import re
from functools import cache
from html import escape

#: What XML 1.0 forbids, even escaped (XML 1.0 §2.2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Svg(str):
    """Markup that is ready to be put into a page; everything else gets escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell Jinja that this is markup."""
        return self


def tag(name: str, *children: str, **attributes: str | float) -> Svg:
    """One element. Plain strings among its children are text; ``_`` in an attribute's name is ``-`` inside."""
    written = "".join([f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items()])
    inner = "".join(child if isinstance(child, Svg) else clean(child) for child in children)
    return Svg(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")


def group(*children: str, **attributes: str | float) -> Svg:
    """Elements that belong together."""
    return tag("g", *children, **attributes)


def clean(text: str) -> str:
    """``text`` escaped, and without characters that XML forbids."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def shortened(text: str, width: float, per_character: float) -> str:
    """``text`` cut with an ellipsis so that it fits ``width`` at about ``per_character`` each."""
    room = max(2, int(width / per_character))
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else clean(str(value))
