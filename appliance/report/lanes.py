# SPDX-License-Identifier: GPL-2.0-or-later
"""The day lanes as SVG: a lane for each speaker, what it sent, what was heard, and where nobody listened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from appliance.language import counted, spoken, translate
from appliance.report.marks import mark_shape, speech_shape, wake_shape
from appliance.report.spans import Span, joined
from appliance.report.svg import Svg, group, shortened, tag
from appliance.report.ticks import ticks
from appliance.report.timeline import Lane, Mark, Timeline, Window, neighbours_merged
from appliance.report.words import Kind, local, size, words_for

#: Marks of one kind closer than this are drawn as one, in pixels.
MERGED_WITHIN = 2.0

Link = Callable[[Mark], str | None]  #: the address of what a mark stands for, if it has one


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes of a drawing, in pixels; ``label`` 0 puts the names above their lanes."""

    name: str
    width: float
    label: float
    height: float
    gap: float
    ticks: int

    @property
    def above(self) -> float:
        """Room above a lane: for its name, or for the triangles alone."""
        return self.gap if self.label else self.gap + 23.0


WIDE = Layout("wide", width=980.0, label=168.0, height=38.0, gap=15.0, ticks=13)
NARROW = Layout("narrow", width=312.0, label=0.0, height=34.0, gap=13.0, ticks=5)
WIDE_DAYS = Layout("wide", width=980.0, label=168.0, height=20.0, gap=9.0, ticks=13)
NARROW_DAYS = Layout("narrow", width=312.0, label=0.0, height=20.0, gap=9.0, ticks=5)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Finished markup and its height in pixels."""

    body: Svg
    height: float


def wide(timeline: Timeline) -> Layout:
    """The layout for a desk: finer lanes where there are several days."""
    return WIDE if len(timeline.windows) == 1 else WIDE_DAYS


def narrow(timeline: Timeline) -> Layout:
    """The layout for a phone."""
    return NARROW if len(timeline.windows) == 1 else NARROW_DAYS


def no_link(_mark: Mark) -> None:
    """A picture on its own leads nowhere."""


def draw(timeline: Timeline, layout: Layout, zone: tzinfo | None, link: Link = no_link) -> Drawing:
    """All windows of ``timeline`` below each other."""
    parts, y = [_hatch(layout)], 0.0
    for window in timeline.windows:
        drawing = _Painter(layout, window, zone, link).paint(titled=len(timeline.windows) > 1)
        parts.append(group(drawing.body, transform=f"translate(0 {y:.1f})"))
        y += drawing.height
    return Drawing(group(*parts), y)


def _hatch(layout: Layout) -> Svg:
    line = tag("path", class_="hatch", d="M0 0V6")
    tile = {"patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)", "width": "6", "height": "6"}
    return tag("defs", tag("pattern", line, id=f"blind-{layout.name}", **tile))


class _Painter:
    """Draws one window."""

    def __init__(self, layout: Layout, window: Window, zone: tzinfo | None, link: Link) -> None:
        self._layout, self._window, self._zone, self._link = layout, window, zone, link
        self._scale = (layout.width - layout.label) / (window.span.end - window.span.start)

    def paint(self, *, titled: bool) -> Drawing:
        """The title (a date), the lanes, the axis."""
        layout, parts = self._layout, []
        y = 4.0
        if titled:
            date = spoken().date(local(self._window.span.start, self._zone))
            parts.append(tag("text", date, class_="date", x=0, y=y + 14.0))
            y += 16.0 if layout.label else 24.0
        top = y
        for lane in self._window.lanes:
            y += layout.above
            parts.append(self._lane(lane, y))
            y += layout.height
        return Drawing(group(self._axis(top + layout.above - 4, y + 5.0), *parts), y + (38.0 if titled else 28.0))

    def _x(self, time: float) -> float:
        return self._layout.label + (time - self._window.span.start) * self._scale

    def _axis(self, top: float, bottom: float) -> Svg:
        parts = []
        for tick in ticks(self._window.span, self._layout.ticks, self._zone):
            x = self._x(tick.time)
            parts.append(tag("path", class_="grid", d=f"M{x:.1f} {top:.1f}V{bottom:.1f}"))
            room = self._layout.width - x
            anchor = (
                "end" if room < 18 else "start" if x - self._layout.label < 18 and not self._layout.label else "middle"
            )
            parts.append(tag("text", tick.label, class_="small", x=x, y=bottom + 14.0, text_anchor=anchor))
        return group(*parts)

    def _lane(self, lane: Lane, y: float) -> Svg:
        height = self._layout.height
        blind = f"url(#blind-{self._layout.name})"
        return group(
            self._label(lane, y),
            *(self._block(span, y, class_="lane", rx=6) for span in self._window.watched),
            *(self._block(span, y, fill=blind, rx=4) for span in lane.blind),
            *(self._speech(span, y + 3) for span in self._merged(lane.speech)),
            *self._marks(lane, y),
            *self._wakes(lane, y, height),
            *self._marks(lane, y, unexplained=True),
        )

    def _label(self, lane: Lane, y: float) -> Svg:
        layout, small = self._layout, sent_in_words(lane)
        if not layout.label:
            name = tag("text", shortened(lane.name, layout.width - 120, 7.2), class_="name", x=0, y=y - 14)
            return group(name, tag("text", small, class_="small", x=layout.width, y=y - 14, text_anchor="end"))
        middle = y + layout.height / 2
        if layout.height < 30:
            return tag("text", shortened(lane.name, layout.label - 14, 7.2), class_="name", x=0, y=middle + 4.5)
        name = tag("text", shortened(lane.name, layout.label - 14, 7.2), class_="name", x=0, y=middle - 2)
        return group(name, tag("text", small, class_="small", x=0, y=middle + 13))

    def _block(self, span: Span, y: float, **attributes: str | float) -> Svg:
        left = self._x(span.start)
        width = self._x(span.end) - left
        return tag("rect", x=left, y=y, width=max(1.0, width), height=self._layout.height, **attributes)

    def _speech(self, span: Span, y: float) -> Svg:
        left = self._x(span.start)
        return speech_shape(left, y, self._x(span.end) - left, self._layout.height - 6)

    def _merged(self, spans: Sequence[Span]) -> list[Span]:
        return joined(spans, MERGED_WITHIN / self._scale)

    def _marks(self, lane: Lane, y: float, *, unexplained: bool = False) -> Iterator[Svg]:
        for mark in neighbours_merged(lane.marks, MERGED_WITHIN / self._scale):
            if (mark.kind is Kind.UNEXPLAINED) is unexplained:
                start = max(mark.start, self._window.span.start)
                width = (min(mark.end, self._window.span.end) - start) * self._scale
                shape = mark_shape(mark.kind, self._x(start), y, width, self._layout.height)
                yield self._told(mark, shape)

    def _told(self, mark: Mark, shape: Svg) -> Svg:
        title, address = tag("title", mark_in_words(mark, self._zone)), self._link(mark)
        return tag("a", title, shape, href=address) if address else group(title, shape)

    def _wakes(self, lane: Lane, y: float, height: float) -> Iterator[Svg]:
        drawn = {True: -MERGED_WITHIN, False: -MERGED_WITHIN}
        for wake in lane.wakes:
            x = self._x(wake.time)
            if x - drawn[wake.near_miss] >= MERGED_WITHIN:
                yield wake_shape(x, y, height, near_miss=wake.near_miss)
                drawn[wake.near_miss] = x


def sent_in_words(lane: Lane) -> str:
    """All that a speaker sent: ``14 uploads, 1.2 MB``."""
    uploads = [mark for mark in lane.marks if mark.kind is not Kind.SILENT]
    sent = sum(verdict.upload.bytes_up for mark in uploads for verdict in mark.verdicts if verdict.upload)
    if not uploads:
        return translate("nothing sent")
    return counted(len(uploads), "{count} upload, {size}", "{count} uploads, {size}", size=size(sent))


def mark_in_words(mark: Mark, zone: tzinfo | None) -> str:
    """What a mark stands for: ``14:02:24, 181 kB: people talked, nobody said its name``."""
    sent = sum(verdict.upload.bytes_up for verdict in mark.verdicts if verdict.upload)
    when = spoken().clock_to_the_second(local(mark.start, zone))
    what = words_for(mark.verdicts[0]).happened
    if len(mark.verdicts) > 1:
        return counted(
            len(mark.verdicts),
            "{count} upload from {time} on, {size}: {what}",
            "{count} uploads from {time} on, {size}: {what}",
            time=when,
            size=size(sent),
            what=what,
        )
    if sent:
        return translate("{time}, {size}: {what}", time=when, size=size(sent), what=what)
    return translate("{time}: {what}", time=when, what=what)
