# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Sighting, SightingKind
from appliance.language import Language, speak
from appliance.report.reasons import _SENTENCES, reason_in_words
from appliance.rules import load_rules
from appliance.speakers.match import WORDS, Speakers


class Loud(Language):
    """English, shouted."""

    def text(self, text: str) -> str:
        """Return it in capitals, but for what is to be filled in."""
        return text.upper().replace("{VALUE}", "{value}").replace("{ONE}", "{one}").replace("{OTHER}", "{other}")


def test_in_english_a_reason_stays_as_it_was_written() -> None:
    """The sentences of every kind of sighting are the words that it was written down with."""
    assert _SENTENCES.keys() == WORDS.keys()
    for kind, words in WORDS.items():
        assert reason_in_words(f"{words} 7") == f"{words} 7" == _SENTENCES[kind].format(value="7")


def test_what_speakers_write_down_is_told_in_another_language() -> None:
    """Kind by kind; the values stay."""
    speakers = Speakers(load_rules(None))
    shown = ((SightingKind.DHCP_VENDOR, "dhcpcd-5.5.6"), (SightingKind.DHCP_HOSTNAME, "amazon-1"))
    devices = [speakers.feed(Sighting(1.0, "aa:bb:cc:00:00:01", *each)) for each in shown]
    (reason, *_) = devices[-1].by if devices[-1] else ()
    speak(Loud())
    try:
        told = reason_in_words(reason)
    finally:
        speak()
    assert told == "DHCP VENDOR CLASS dhcpcd-5.5.6 AND DHCP HOST NAME amazon-1"


@given(st.text(max_size=200))
def test_any_text_is_told(text: str) -> None:
    """In English all of it comes back, whatever it is."""
    assert reason_in_words(text) == text
    assert reason_in_words(f"talks to {text}") == f"talks to {text}"
