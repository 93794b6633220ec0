# SPDX-License-Identifier: GPL-2.0-or-later
"""The shapes on a lane: one for each kind, so that colour is never the only sign."""

from collections.abc import Callable

from appliance.report.svg import Svg, group, tag
from appliance.report.words import Kind

#: Width of the thinnest bar, in pixels; an upload of some seconds is far thinner on a lane of a day.
BAR = 3.0


def mark_shape(kind: Kind, x: float, y: float, width: float, height: float) -> Svg:
    """The shape of ``kind`` on a lane at ``y`` that is ``height`` high, from ``x``, ``width`` wide (all in pixels)."""
    return _SHAPES[kind](x, y, width, height)


def wake_shape(x: float, y: float, height: float, *, near_miss: bool) -> Svg:
    """A ring: an ear heard a wake word (dotted: it nearly did)."""
    return tag("circle", class_="near-miss" if near_miss else "wake", cx=x, cy=y + height * 0.2, r=_head(height))


def speech_shape(x: float, y: float, width: float, height: float) -> Svg:
    """A pale block: people talked."""
    return tag("rect", class_="speech", x=x, y=y, width=max(1.0, width), height=height, rx=min(3.0, width / 2))


def _head(height: float) -> float:
    return min(4.0, height * 0.14)


def _bar(class_: str, x: float, y: float, width: float, height: float) -> Svg:
    wide = max(BAR, width)
    left = x - BAR / 2 if wide == BAR else x
    return tag("rect", class_=class_, x=left, y=y, width=wide, height=height, rx=min(1.5, wide / 2))


def _asked(x: float, y: float, width: float, height: float) -> Svg:
    return _bar("asked", x, y + height * 0.3, width, height * 0.62)


def _call(x: float, y: float, width: float, height: float) -> Svg:
    return tag(
        "rect", class_="call", x=x - 2.0, y=y + height * 0.52, width=max(6.0, width), height=height * 0.36, rx=3.0
    )


def _notice(x: float, y: float, width: float, height: float) -> Svg:
    top, half = y + height * 0.2, _head(height) + 1
    diamond = f"M{x:.1f} {top - half:.1f}l{half:.1f} {half:.1f}l{-half:.1f} {half:.1f}l{-half:.1f} {-half:.1f}z"
    return group(_bar("notice", x, y + height * 0.3, width, height * 0.62), tag("path", class_="notice", d=diamond))


def _unexplained(x: float, y: float, width: float, height: float) -> Svg:
    half = max(4.5, min(6.5, height * 0.2))
    base, top = y + 1.5, y + height * 0.14
    triangle = f"M{x:.1f} {base - 1.7 * half:.1f}l{half:.1f} {1.7 * half:.1f}h{-2 * half:.1f}z"
    wide = max(BAR + 1, width)
    left = x - wide / 2 if width < BAR + 1 else x
    return group(
        *(
            shape
            for class_ in ("halo", "unexplained")
            for shape in (
                tag("rect", class_=class_, x=left, y=top, width=wide, height=height * 0.8, rx=1.5),
                tag("path", class_=class_, d=triangle),
            )
        )
    )


def _unheard(x: float, y: float, width: float, height: float) -> Svg:
    return _bar("unheard", x, y + height * 0.3, max(width, BAR + 1), height * 0.6)


def _silent(x: float, y: float, _width: float, height: float) -> Svg:
    arm, centre = _head(height) * 0.8, y + height * 0.62
    cross = (
        f"M{x - arm:.1f} {centre - arm:.1f}l{2 * arm:.1f} {2 * arm:.1f}m0 {-2 * arm:.1f}l{-2 * arm:.1f} {2 * arm:.1f}"
    )
    return tag("path", class_="silent", d=cross, stroke_linecap="round")


_SHAPES: dict[Kind, Callable[[float, float, float, float], Svg]] = {
    Kind.ASKED: _asked,
    Kind.CALL: _call,
    Kind.NOTICE: _notice,
    Kind.UNEXPLAINED: _unexplained,
    Kind.UNHEARD: _unheard,
    Kind.SILENT: _silent,
}
