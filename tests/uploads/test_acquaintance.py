# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Proof, Role
from appliance.uploads.acquaintance import Acquaintance, Keepalive
from tests.uploads.streams import ECHO, QUIC, RULES, VOICE, named, speaker

NEST = speaker(QUIC.device, "google", "google-home")


def test_a_name_tells_the_role() -> None:
    """A voice host makes a voice flow, a metrics host a telemetry flow."""
    known = Acquaintance(VOICE, RULES)
    known.named(named("avs-alexa-4-na.amazon.com"))
    assert (known.role(None), known.voice(None), known.proof(None)) == (Role.VOICE, True, Proof.SNI)
    known.named(named("device-metrics-us.amazon.com"))
    assert (known.role(None), known.voice(None)) == (Role.TELEMETRY, False)


def test_a_shared_name_means_voice_on_its_vendors_speaker_alone() -> None:
    """A name that browsers use too says nothing about a laptop, and of a speaker only that voice may go there."""
    known = Acquaintance(QUIC, RULES)
    known.named(named("www.google.com", QUIC))
    assert known.role(None) is Role.UNKNOWN
    assert known.role(speaker(QUIC.device, "amazon", "amazon-echo")) is Role.UNKNOWN
    assert known.role(NEST) is Role.VOICE
    assert not known.voice(NEST)
    known.uploaded(9.0, 2)
    assert known.voice(NEST)


def test_an_address_of_the_vendor_is_the_weakest_proof() -> None:
    """Without a name, a vendor's speaker at an address of that vendor is known by the address's owner."""
    known = Acquaintance(QUIC, RULES)
    assert (known.owned(NEST), known.proof(NEST), known.voice(NEST)) == (True, Proof.OWNER, False)
    assert (known.owned(None), known.proof(None)) == (False, Proof.NONE)


def test_an_upload_teaches_the_flow() -> None:
    """A flow that carried an upload which two detectors saw is a voice flow from then on; one must see three."""
    known, slowly = Acquaintance(VOICE, RULES), Acquaintance(VOICE, RULES)
    known.uploaded(9.0, 2)
    assert known.voice(None)
    for taught in (False, False, True):
        slowly.uploaded(9.0, 1)
        assert slowly.voice(None) is taught
    assert known.proof(speaker(ECHO, "amazon", "amazon-echo")) is Proof.LEARNT


def test_a_learnt_flow_with_another_role_stays_what_its_name_says() -> None:
    """A name speaks louder than behaviour."""
    known = Acquaintance(VOICE, RULES)
    known.uploaded(9.0, 2)
    known.named(named("device-metrics-us.amazon.com"))
    assert not known.voice(None)


def test_a_ping_every_half_minute_is_a_keepalive() -> None:
    """Pings of the known length and period prove the flow; other periods, lengths and pings between do not."""
    keepalives = RULES.uploads.keepalives
    regular, hasty, mixed = Keepalive(keepalives), Keepalive(keepalives), Keepalive(keepalives)
    proof = "echo-ping-30"
    assert [regular.feed(30.0 * number, 41) for number in range(5)] == [None, None, None, proof, proof]
    assert not any(hasty.feed(7.0 * number, 41) for number in range(50))
    assert not any(mixed.feed(15.0 * number, 41 if number % 2 else 45) for number in range(50))
