# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Closed, Opened, Proof, Sighting, SightingKind
from appliance.limits import FORMER_FLOWS
from appliance.uploads import Watcher
from tests.uploads.streams import ECHO, QUIC, RULES, VOICE, beat, command, completed, named, run, speaker

ECHO_DEVICE = speaker(ECHO, "amazon", "amazon-echo")
OTHER = VOICE._replace(device_port=40_001)


def test_what_one_watcher_knows_another_goes_on_with() -> None:
    """A flow's name and proof, that it is a voice flow, and the device come with what is recollected."""
    first, second = Watcher(RULES), Watcher(RULES)
    run([ECHO_DEVICE, named("avs-alexa-4-na.amazon.com"), *command(100.0)], first)
    second.recall(first.recollect(ECHO))
    short = [*beat(200.0, 0.45, 113, 0.037)]  # long enough on a known voice flow only
    assert not completed(run(short))
    (upload,) = completed(run(short, second))
    assert (upload.host, upload.host_by, upload.speaker) == ("avs-alexa-4-na.amazon.com", Proof.SNI, "amazon-echo")


def test_a_recollection_says_when_a_flow_was_learnt() -> None:
    """A flow is learnt when its upload is over, not before; what shows a flow's and a device's begin has its time."""
    watcher = Watcher(RULES)
    boot = Sighting(50.0, ECHO, SightingKind.DHCP_VENDOR, "linux")
    (done,) = completed(run([ECHO_DEVICE, boot, Opened(60.0, VOICE), *command(100.0)], watcher))
    before = watcher.recollect(ECHO)
    (known,) = before.flows
    assert (before.device, before.booted_at) == (ECHO_DEVICE, 50.0)
    assert (known.flow, known.host, known.opened_at, known.learnt_at) == (VOICE, None, 60.0, done.time)


def test_closed_flows_of_a_speaker_keep_their_names_for_a_while() -> None:
    """Of flows that had a name and closed the latest are recollected, in bounds; those of other devices are not."""
    watcher = Watcher(RULES)
    run(
        [ECHO_DEVICE, named("a.example", OTHER), Closed(1.0, OTHER), named("b.example", QUIC), Closed(2.0, QUIC)],
        watcher,
    )
    assert [known.host for known in watcher.recollect(ECHO).flows] == ["a.example"]
    assert watcher.recollect(QUIC.device).flows == ()
    for port in range(FORMER_FLOWS):
        flow = VOICE._replace(device_port=50_000 + port)
        run([named("c.example", flow), Closed(3.0, flow)], watcher)
    assert {known.host for known in watcher.recollect(ECHO).flows} == {"c.example"}


def test_a_worse_proof_does_not_replace_a_better_one() -> None:
    """What DNS says of an address does not rename a flow that was recalled with the name it gave itself."""
    first, second = Watcher(RULES), Watcher(RULES)
    run([named("avs-alexa-4-na.amazon.com")], first)
    second.recall(first.recollect(ECHO))
    run([named("cdn.example", by=Proof.DNS)], second)
    assert [(known.host, known.by) for known in second.recollect(ECHO).flows] == [
        ("avs-alexa-4-na.amazon.com", Proof.SNI)
    ]
