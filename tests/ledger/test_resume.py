# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import CAPTURE, Correction, Coverage, Finding, Service, Upload, Verdict
from appliance.ledger import HUB, Ledger, Reader
from appliance.ledger.resume import false_wakes, open_findings, reached, resume_point, unfinished, unjudged
from appliance.limits import JUDGE_MEMORY_S
from tests.ledger.facts import announced, completed, verdict

NEVER = float("-inf")


def test_an_upload_whose_end_nobody_wrote_is_found(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """The capture, as it starts, finds what it announced and never completed, in this boot and in earlier ones."""
    capture = services[Service.CAPTURE]
    capture.write(boot, [announced(9.0), announced(9.0, "02:00:00:00:00:02"), completed(9.0), announced(20.0)])
    now = capture.begin("next", 0.0)
    capture.write(now, [announced(20.0), completed(20.0), announced(30.0)])
    assert unfinished(reader) == [
        (boot, announced(9.0, "02:00:00:00:00:02")),
        (boot, announced(20.0)),
        (now, announced(30.0)),
    ]


def test_the_judge_goes_on_where_it_stood(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """It is fed from the first upload that has no final verdict, or from where it had come, less what it remembers."""
    capture, hub = services[Service.CAPTURE], services[Service.HUB]
    assert resume_point(reader, boot) == NEVER
    capture.write(boot, [announced(5_000.0), completed(5_000.0), Coverage(0.0, 7_000.0, CAPTURE)])
    hub.write(boot, [Coverage(0.0, 6_000.0, HUB), verdict(announced(5_000.0), final=False)])
    assert unjudged(reader) == {boot: 5_000.0}
    assert resume_point(reader, boot) == 5_000.0 - JUDGE_MEMORY_S
    hub.write(boot, [verdict(completed(5_000.0))])
    assert unjudged(reader) == {}
    assert resume_point(reader, boot) == 6_000.0 - JUDGE_MEMORY_S
    assert (reached(reader, boot, Service.CAPTURE), reached(reader, boot, Service.EARS)) == (7_000.0, NEVER)


def test_uploads_of_earlier_boots_are_not_skipped(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """What was not judged when the machine went down is found, though the same key was judged in another boot."""
    capture, hub = services[Service.CAPTURE], services[Service.HUB]
    now = capture.begin("next", 0.0)
    capture.write(boot, [announced(50.0)])
    capture.write(now, [completed(50.0), announced(90.0), completed(70.0)])
    hub.write(now, [verdict(completed(50.0))])
    assert unjudged(reader) == {boot: 50.0, now: 70.0}


def test_false_wakes_of_a_day_are_remembered_over_boots(
    services: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """The last 24 hours of them come back, in this boot's time, also those from before the machine went down."""
    capture, hub = services[Service.CAPTURE], services[Service.HUB]
    now = capture.begin("next", 0.0)
    capture.write(boot, [Correction(0.0, 1_000_000.0, synchronised=True)])
    capture.write(now, [Correction(5.0, 1_080_000.0, synchronised=True)])

    def judged(start: float, word: str = "false_wake", *, final: bool = True) -> Verdict:
        upload: Upload = completed(start)
        return verdict(upload, word, final=final)

    hub.write(boot, [judged(1_000.0), judged(50_000.0), judged(50_100.0, final=False), judged(50_200.0, "called")])
    hub.write(now, [judged(2_000.0), judged(9_000.0)])
    device = completed(0.0).flow.device
    assert false_wakes(reader, now, before=8_000.0) == [(device, -30_000.0), (device, 2_000.0)]


def test_findings_that_go_on_are_known(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """A service that was started again knows what it told and did not end, of this boot alone."""
    hub = services[Service.HUB]
    full = Finding(10.0, None, Service.HUB, "disk-full", None, "The disk is full.")
    silent = Finding(20.0, None, Service.HUB, "silent", "aa:bb:cc:00:11:22", "Nothing comes from it.")
    hub.write(boot, [full, silent, replace(full, ended_at=30.0)])
    hub.write(hub.begin("next", 0.0), [full])
    assert open_findings(reader, boot, Service.HUB) == [silent]
    hub.write(boot, [replace(full, time=40.0)])
    assert open_findings(reader, boot, Service.HUB) == [silent, replace(full, time=40.0)]
    assert open_findings(reader, boot, Service.CAPTURE) == []
