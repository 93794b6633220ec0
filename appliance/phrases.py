# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences that were written down in English, said again in the language spoken.

What a verdict rests on, and what a finding says, is in the ledger in English, as its contract has it. Whoever reads it
in another language reads the same sentence, found by the form it was made from; one of no known form stays English.
"""

import re
from functools import lru_cache

from appliance.language import later, translate
from appliance.limits import PHRASE_CHARACTERS, PHRASES_REMEMBERED

#: The forms of what judge and health say; names in braces stand for what differs, which may be a form itself.
PHRASES = (
    # the judge: an upload's figures
    later("{count} bytes went up."),
    later("It lasted {seconds} s."),
    later("It was still going on."),
    later("It went to {where}."),
    later("How that is known: {how}."),
    later("the connection itself said so"),
    later("the device had asked for this name"),
    later("the connection behaves like its voice connection"),
    later("by the owner of the address"),
    later("known by its shape alone"),
    later("Taken for voice by: {detectors} ({share} sure)."),
    # the judge: what was about
    later("The device is known as {speaker}."),
    later("The household says that the device is a speaker."),
    later("The device is not known to be a speaker."),
    later("It stands in: {room}."),
    later("{which}, “{word}”, was heard by {ear} at {offset} s, score {score}."),
    later("{which}, “{word}”, was perhaps heard by {ear} at {offset} s, score {score}."),
    later("Its wake word"),
    later("A wake word that is not its own"),
    later("Its name"),
    later("Only a name that is not its own"),
    later("No speech was heard near it."),
    later("Speech was heard near it."),
    later("Sound, not clearly speech, was heard."),
    later("The loudest was at {level} dBFS."),
    later("It may have been a speaker that talked: {names} was being answered."),
    later("Of {all} s of sound, {own} s were heard while it was."),
    later("Whether people made it, or music and television, is not known: ears cannot tell them apart."),
    later("No ear hears this room."),
    later("Of the {seconds} s around its start, {ear} listened to {share}."),
    later("Tells only the names that it heard, and proves no silence: {who}."),
    later("Ears near it lost {count} pieces of sound at that time."),
    later("The capture lost nothing around it."),
    later("The capture lost {count} ({what}) around it."),
    later("False wakes of this device in 24 hours, with this one: {count}."),
    later("Judged by rules {version}."),
    # the judge: why
    later("No ear in this home could have heard its wake word."),
    later("{which}, “{word}”, was heard by {ear} {when} (score {score})."),
    later("{which}, “{word}”, was perhaps heard by {ear} {when} (score {score})."),
    later("{seconds} s before it began"),
    later("{seconds} s after it began"),
    later("{said} In another room, though."),
    later("Somebody called the speaker just before the call."),
    later("Sound went both ways, as in a call; nobody was heard asking for it."),
    later("It goes on from an upload {seconds} s earlier that somebody asked for."),
    later("{name} was called at that time, and this was short."),
    later("No ear listened there all the time in which its wake word may have been said."),
    later("The capture missed packets that may explain it."),
    later("The room was silent from before it began to its end."),
    later("Nobody said its name, but no ear listened to the end, so it is not known whether the room was silent."),
    later("Nobody said its name; it was short, as when the cloud checks the wake word and hangs up."),
    later("There was sound in the room, but nobody said its name."),
    later("The name “{word}” was heard by {ear}, and nothing was uploaded."),
    later("The wake word's score was {score}."),
    later("Should have answered: {names}."),
    # health: what is wrong, and what to do
    later("No time server keeps this machine's clock: the times shown may be wrong, their order is right."),
    later("Check that it reaches the internet, and: {command}"),
    later("The clock was set forward by {span}."),
    later("The clock was set back by {span}."),
    later("Times shown before and after do not fit together; if nobody did it by hand, check the time server."),
    later("{frames} came faster than this machine could look at them."),
    later("If it lasts: end other programs here, watch only speakers, or use a faster machine."),
    later("The processor is at {degrees} °C and about to slow down."),
    later("Give it air, a heat sink or a cooler place."),
    later("The power supply is too weak: the voltage drops, and a card may be damaged by it."),
    later("Use the supply made for this machine, and a short, thick cable."),
    later("The processor is slowed down because of heat or power: frames may be lost."),
    later("See to the power supply and to the cooling."),
    later("The service {service} does not run. {blind} in the meantime."),
    later("No speaker is watched"),
    later("No room is listened to"),
    later("It is started again by itself; if not, see: {command}"),
    later("The ear “{ear}” does not hear: {what}."),
    later("Look after the microphone of that machine: earwitness ears test, there."),
    later("The dashboard cannot be opened as it should. {why}"),
    later("It is tried again every few seconds; ports and addresses are set in [web] of the settings."),
    later("The channel {channel} takes no alerts: {why}."),
    later("The page Alerts tries it again, and says what it answers."),
    later("This was not done when it should have been: {jobs}."),
    later("The page Health says what came of each job, and can do it now."),
    later("What the speakers sent in the last {span} has not reached the ledger."),
    later("The machine is too busy, or its disk does not answer: see the other findings, or run earwitness doctor."),
    later("The ear “{ear}” is not there."),
    later("Name its microphone in the settings, connect it, or take it out of the house."),
    later("The network port {port} is switched off; nothing is seen there."),
    later("The network port {port} has no connection; nothing is seen there."),
    later("Check the cable or the adapter, and what is at its other end."),
    later("Nothing has come from {speaker} for {span}."),
    later("Nothing has come from {speaker} at all."),
    later("Is it switched on? If it answers you, its traffic takes another way: run earwitness doctor."),
    later("{facts} wait to be written to the ledger; a power cut would take them."),
    later("It is tried again by itself; see the other findings for the disk, or run earwitness doctor."),
    later("The disk that holds the ledger can only be read: no fact can be kept."),
    later("A card that fails does that: see the kernel's log by dmesg, back up the ledger, and change the card."),
    later("Only {free} of {size} are free on the disk that holds the ledger."),
    later("Make room on it, or let the ledger and the evidence keep less: max_mb in the settings."),
    later("The ear “{ear}” does not hear. {what}."),
    later("The ear “{ear}” is hard of hearing: {what}."),
    later("Nothing comes from it"),
    later("Check that the microphone is plugged in and has power."),
    later("It gives nothing but zeros"),
    later("Switch it on, at the microphone or with alsamixer (F4)."),
    later("It gives hardly any signal"),
    later("Check its plug, and its gain with alsamixer (F4)."),
    later("It is too loud to tell anything"),
    later("Lower its gain with alsamixer (F4)."),
    later("Sound was lost"),
    later("The machine is too busy, or its USB or power too weak."),
    later("It gives samples at another rate than asked for"),
    later("Use the device plughw: instead of hw:."),
    later("See docs/ears.md."),
)


def _form(phrase: str) -> re.Pattern[str]:
    """Return what a sentence of a form looks like; each part that differs is as short as may be, and on one line."""
    parts = re.split(r"\{(\w+)\}", phrase)
    text = "".join(f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile(text)


_PLAIN = frozenset(phrase for phrase in PHRASES if "{" not in phrase)
#: The more of a form is said by itself, the sooner it is tried.
_FORMS = [(phrase, _form(phrase)) for phrase in sorted(PHRASES, key=lambda each: -len(re.sub(r"\{\w+\}", "", each)))]


def again(sentence: str) -> str:
    """Return a sentence of judge or health in the language spoken; as it is if it is none of theirs."""
    found = _found(sentence)
    if found is None:
        return sentence
    phrase, values = found
    return translate(phrase, **{name: again(value) for name, value in values})


@lru_cache(PHRASES_REMEMBERED)
def _found(sentence: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the form of a sentence, and what stands in it for each name."""
    if sentence in _PLAIN:
        return sentence, ()
    if len(sentence) > PHRASE_CHARACTERS:
        return None
    for phrase, form in _FORMS:
        if "{" in phrase and (match := form.fullmatch(sentence)):
            return phrase, tuple(match.groupdict().items())
    return None
