# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages in words, in the language that is spoken, as much as the channel's reader shall read in them.

Three levels: short says nothing private; normal names speaker, time and size; full has the evidence. Never sound, what
was said, an address or a MAC.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from appliance.events import Tell
from appliance.household import Level
from appliance.language import counted, later, spoken, translate
from appliance.limits import PICTURE_TRIES
from appliance.notify.letter import Action, Letter
from appliance.notify.message import Form, Message
from appliance.notify.news import FINDING, News
from appliance.notify.picture import drawn
from appliance.report.retold import retold
from appliance.report.words import local, seconds, size
from appliance.rules.alerts import AlertRules

#: What a verdict means, and what one can do about it.
_UPLOADS = {
    "unexplained_silence": (later("Nobody said a word."), later("Listen to what it recorded in its maker's app.")),
    "unexplained_speech": (
        later("People talked, nobody said its name."),
        later("Listen to what it recorded in its maker's app."),
    ),
    "false_wake": (later("It misheard its name, then hung up."), later("Another wake word may misfire less often.")),
    "other_wake": (later("Only another assistant's name was said."), ""),
    "call": (later("Sound went both ways, as in a call; nobody was heard asking for it."), ""),
    "unheard": (later("No ear was listening there."), later("An ear in that room would know more.")),
    "capture_gap": (later("Packets were lost around it."), ""),
    "called": (later("It has been explained since: somebody said its name."), ""),
    "follow_up": (later("It has been explained since: a conversation went on."), ""),
    "arbitration": (later("It has been explained since: another speaker was called."), ""),
}
_FINDINGS = {
    "capture-gone": later("Earwitness sees no packets: its capture has stopped."),
    "capture-behind": later("Earwitness cannot keep up with the network."),
    "hub-gone": later("Earwitness judges nothing: its hub does not stay up, and the dashboard is not there."),
    "ears-gone": later("Earwitness hears nothing: its ears have stopped."),
    "ear-gone": later("A microphone gives no sound."),
    "port-down": later("A network port has no connection."),
    "speaker-silent": later("A speaker has sent nothing for longer than it ever did."),
    "frames-lost": later("Packets came faster than Earwitness could look at them."),
    "clock-stepped": later("The clock was put right; times before that may be off."),
    "disk-full": later("The disk is nearly full."),
    "disk-read-only": later("The disk cannot be written to."),
    "ledger-unwritten": later("What is seen cannot be written down."),
    "ledger-mended": later("The ledger was damaged; what could be read was carried over."),
    "channel-broken": later("A channel does not take messages any more."),
}
#: What looks like a MAC address, or an address of the internet: sentences with one are never in a message.
_ADDRESS = re.compile(
    r"(?i)\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|[0-9a-f]*:[0-9a-f]*:[0-9a-f:]+"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a channel's messages, and how."""

    level: Level
    zone: tzinfo | None
    names: Mapping[str, str]  #: what the household calls its speakers
    home: str | None  #: address of the dashboard, without a stroke at its end
    rules: AlertRules


def letter(message: Message, reader: Reader, actions: tuple[Action, ...] = ()) -> Letter:
    """Return ``message`` as its reader shall read it, in the language that is spoken now."""
    title, body = _words(message, reader)
    shown = reader.level is not Level.SHORT and message.tries < PICTURE_TRIES
    return Letter(
        key=message.key,
        title=title,
        body=body,
        tell=message.tell,
        update=bool(message.sent) and message.form is Form.ALERT,
        link=_link(message, reader),
        actions=actions if message.form in {Form.ALERT, Form.REMINDER} else (),
        picture=drawn(message, reader.zone) if shown else None,
    )


def _words(message: Message, reader: Reader) -> tuple[str, str]:
    match message.form:
        case Form.DIGEST:
            return _digest(message, reader)
        case Form.WEEKLY:
            return _weekly(message, reader)
        case Form.VERSION:
            title = translate("Earwitness: a newer version")
            return title, translate("{version} is there; the page Update installs it.", version=message.latest.kind)
        case Form.TEST:
            return translate("Earwitness: a test"), translate("If you can read this, alerts will reach you here.")
        case _ if reader.level is Level.SHORT:
            return "Earwitness", _short(message)
        case _:
            return _alert(message, reader)


def _short(message: Message) -> str:
    if message.latest.about == FINDING:
        over = message.latest.over
        return translate("It sees and hears again.") if over else translate("It does not see everything. Open it.")
    return counted(
        message.count,
        "A speaker sent something that nobody asked for. Open the dashboard.",
        "A speaker sent something that nobody asked for, {count} times. Open the dashboard.",
    )


def _alert(message: Message, reader: Reader) -> tuple[str, str]:
    news = message.latest
    title, lines = _finding(news, reader) if news.about == FINDING else _upload(news, reader)
    if message.form is Form.REMINDER:
        lines = [translate("Nobody has looked at this yet."), *lines]
    if message.count > 1:
        lines.append(counted(message.count, "Once so far.", "{count} times so far."))
    return title, " ".join(line for line in lines if line)


def _upload(news: News, reader: Reader) -> tuple[str, list[str]]:
    values = {"speaker": _name(news, reader), "size": size(news.bytes_up), "clock": _clock(news, reader)}
    title = translate("{speaker} sent {size} at {clock}", **values)
    meaning, remedy = _UPLOADS.get(news.kind, ("", ""))
    lines = [translate(meaning) if meaning else news.kind.replace("_", " ")]
    if news.seconds is not None:
        lines.append(translate("It took {seconds}.", seconds=seconds(news.seconds)))
    lines.append(translate("{share} sure.", share=spoken().percent(news.confidence)))
    if reader.level is Level.FULL:
        lines += _tellable(news.sentences)
    if news.tell in {Tell.ALERT, Tell.URGENT} and remedy:
        lines.append(translate(remedy))
    return title, lines


def _finding(news: News, reader: Reader) -> tuple[str, list[str]]:
    what = _FINDINGS.get(news.kind)
    said = translate(what) if what else " ".join(_tellable(news.sentences[:1])) or news.kind.replace("-", " ")
    name = reader.names.get(news.device or "")
    if news.over:
        title = translate("Earwitness is well again")
        return title, [said, translate("It lasted {seconds}.", seconds=seconds(news.seconds or 0.0))]
    title = translate("Earwitness does not see everything")
    details = _tellable(news.sentences[1:]) if reader.level is Level.FULL else []
    return title, [said, translate("It concerns {speaker}.", speaker=name) if name else "", *details]


def _digest(message: Message, reader: Reader) -> tuple[str, str]:
    title = counted(message.count, "Earwitness: {count} thing to know", "Earwitness: {count} things to know")
    if reader.level is Level.SHORT:
        return title, translate("Open the dashboard to read about it.")
    return title, "\n".join(_lines(message, reader))


def _weekly(message: Message, reader: Reader) -> tuple[str, str]:
    """Return that it still watches, and the week in figures."""
    title = translate("Earwitness: still watching")
    if reader.level is Level.SHORT:
        return title, translate("Open the dashboard to read about the week.")
    figures = dict(message.latest.figures)
    unexplained = figures.get("unexplained", 0)
    lines = [
        counted(figures.get("uploads", 0), "{count} upload this week.", "{count} uploads this week."),
        counted(unexplained, "{count} of them was unexplained.", "{count} of them were unexplained.")
        if unexplained
        else translate("Each of them had a reason, or could not be checked."),
        counted(
            figures.get("false_wake", 0),
            "A speaker misheard its name once.",
            "Speakers misheard their names {count} times.",
        ),
        translate("{count} could not be checked.", count=spoken().number(figures.get("unheard", 0))),
        translate("Packets were watched {share} of the time.", share=spoken().percent(figures.get("watched", 0) / 100)),
    ]
    return title, "\n".join(lines)


def _lines(message: Message, reader: Reader) -> Iterator[str]:
    """Yield what happened, the same of the same speaker in one line."""
    groups = Counter(each.episode for each in message.news)
    latest = {each.episode: each for each in message.news}
    for group, count in groups.most_common(reader.rules.digest_lines):
        news = latest[group]
        title, lines = _finding(news, reader) if news.about == FINDING else _upload(news, reader)
        head = title if count == 1 else f"{_name(news, reader)}, {count}\N{MULTIPLICATION SIGN}"
        yield f"{head}: {lines[0]}"
    if len(groups) > reader.rules.digest_lines:
        more = len(groups) - reader.rules.digest_lines
        yield counted(more, "And {count} thing more.", "And {count} things more.")


def _tellable(sentences: Sequence[str]) -> list[str]:
    return [retold(sentence) for sentence in sentences if not _ADDRESS.search(sentence)]


def _name(news: News, reader: Reader) -> str:
    return reader.names.get(news.device or "") or translate("A speaker")


def _clock(news: News, reader: Reader) -> str:
    return spoken().clock(local(news.time, reader.zone))


def _link(message: Message, reader: Reader) -> str | None:
    if not reader.home:
        return None
    if message.form is Form.VERSION:
        return f"{reader.home}/update"
    if message.form in {Form.ALERT, Form.REMINDER} and message.latest.about != FINDING:
        return f"{reader.home}/uploads/{message.latest.id}"
    return f"{reader.home}/health" if message.latest.about == FINDING else reader.home
