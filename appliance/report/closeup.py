# SPDX-License-Identifier: GPL-2.0-or-later
"""A close-up of one upload: what the ear heard, and below it what the speaker sent, on one clock."""

from collections.abc import Iterator
from datetime import tzinfo

from appliance.events import Upload, Wake
from appliance.language import translate
from appliance.report.marks import speech_shape
from appliance.report.spans import Span, clipped, joined
from appliance.report.svg import Svg, group, shortened, tag
from appliance.report.ticks import ticks
from appliance.report.timeline import Lane
from appliance.report.words import Kind, seconds, size

WIDTH = 340.0
HEIGHT = 128.0
LEFT = 60.0
ROW = 30.0
HEARD_Y, SENT_Y = 22.0, 66.0

#: What is shown before an upload and after it, in seconds, at the least.
BEFORE, AFTER = 12.0, 5.0


def close_up(upload: Upload, lane: Lane, kind: Kind, zone: tzinfo | None) -> Svg:
    """``upload`` of ``lane`` and the sounds around it, drawn so that it can be read on a phone."""
    return _CloseUp(upload, lane, kind).paint(zone)


class _CloseUp:
    def __init__(self, upload: Upload, lane: Lane, kind: Kind) -> None:
        self._upload, self._lane, self._kind = upload, lane, kind
        self._ended_at = upload.time if upload.ended_at is None else upload.ended_at
        length = self._ended_at - upload.started_at
        before, after = max(BEFORE, length / 2), max(AFTER, length / 4)
        self._window = Span(upload.started_at - before, self._ended_at + after)
        self._scale = (WIDTH - LEFT) / (self._window.end - self._window.start)

    def paint(self, zone: tzinfo | None) -> Svg:
        """Both rows and the axis."""
        start = self._x(self._upload.started_at)
        return tag(
            "svg",
            tag("title", self._title()),
            tag("text", translate("Heard"), class_="small", x=0, y=HEARD_Y + 19),
            tag("text", translate("Sent"), class_="small", x=0, y=SENT_Y + 19),
            *(tag("rect", class_="lane", x=LEFT, y=y, width=WIDTH - LEFT, height=ROW, rx=6) for y in (HEARD_Y, SENT_Y)),
            *self._heard(),
            tag("path", class_="moment", d=f"M{start:.1f} {HEARD_Y - 4:.1f}V{SENT_Y + ROW + 4:.1f}"),
            self._sent(),
            *self._axis(zone),
            class_="picture close-up",
            viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
            role="img",
        )

    def _title(self) -> str:
        heard = ", ".join(f"“{wake.word}”" for wake in self._wakes()) or self._heard_no_word()
        return translate("Heard: {heard}. Sent: {size}.", heard=heard, size=size(self._upload.bytes_up))

    def _heard_no_word(self) -> str:
        if any(self._speech()):
            return translate("people talking")
        return translate("no ear was listening") if any(self._blind()) else translate("silence")

    def _x(self, time: float) -> float:
        return LEFT + (min(max(time, self._window.start), self._window.end) - self._window.start) * self._scale

    def _speech(self) -> Iterator[Span]:
        return clipped(joined(self._lane.speech), self._window)

    def _blind(self) -> Iterator[Span]:
        return clipped(self._lane.blind, self._window)

    def _wakes(self) -> Iterator[Wake]:
        return (wake for wake in self._lane.wakes if self._window.start <= wake.time <= self._window.end)

    def _heard(self) -> Iterator[Svg]:
        for span in self._blind():
            yield self._block(span, fill="url(#blind-wide)", rx=4)
        speech = list(self._speech())
        for span in speech:
            left = self._x(span.start)
            yield speech_shape(left, HEARD_Y + 3, self._x(span.end) - left, ROW - 6)
        wakes = list(self._wakes())
        for wake in wakes:
            yield self._wake(self._x(wake.time), wake.word)
        if not speech and not wakes:
            yield tag("text", self._heard_no_word(), class_="small", x=LEFT + 10, y=HEARD_Y + 19)

    def _wake(self, x: float, word: str) -> Svg:
        side = {"x": x - 8, "text_anchor": "end"} if x > WIDTH / 2 else {"x": x + 8}
        label = tag("text", shortened(f"“{word}”", 120, 6.4), class_="small", y=HEARD_Y + 19, **side)
        return group(tag("circle", class_="wake", cx=x, cy=HEARD_Y + ROW / 2, r=4.5), label)

    def _block(self, span: Span, **attributes: str | float) -> Svg:
        left = self._x(span.start)
        return tag("rect", x=left, y=HEARD_Y, width=self._x(span.end) - left, height=ROW, **attributes)

    def _sent(self) -> Svg:
        left = self._x(self._upload.started_at)
        width = max(4.0, self._x(self._ended_at) - left)
        bar = tag("rect", class_=self._kind, x=left, y=SENT_Y + 4, width=width, height=ROW - 8, rx=3)
        length = seconds(self._ended_at - self._upload.started_at)
        figures = translate("{size} in {span}", size=size(self._upload.bytes_up), span=length)
        return group(bar, tag("text", figures, class_="small strong", x=left - 7, y=SENT_Y + 19, text_anchor="end"))

    def _axis(self, zone: tzinfo | None) -> Iterator[Svg]:
        for tick in ticks(self._window, 3, zone):
            x = self._x(tick.time)
            anchor = "end" if WIDTH - x < 26 else "start" if x - LEFT < 26 else "middle"
            yield tag("text", tick.label, class_="small", x=x, y=HEIGHT - 12, text_anchor=anchor)
