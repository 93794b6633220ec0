# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal

import pytest

from appliance.serve import serve


class Service:
    """Ends after some steps, or is asked to at one."""

    def __init__(self, steps: int, ask_at: int | None = None, fail_at: int | None = None) -> None:
        self.steps = steps
        self.done = 0
        self.closed = 0
        self._ask_at, self._fail_at = ask_at, fail_at

    def step(self) -> bool:
        """Take a step."""
        self.done += 1
        if self.done == self._fail_at:
            raise RuntimeError("broken")
        if self.done == self._ask_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return self.done < self.steps

    def close(self) -> None:
        """Count that it was closed."""
        self.closed += 1


def test_a_service_runs_until_it_has_nothing_more_to_do() -> None:
    """Steps are taken, with a wait between, until one says that it was the last; then the service is closed."""
    service, waits = Service(3), []
    serve(service, lambda: waits.append(service.done))
    assert (service.done, waits, service.closed) == (3, [1, 2], 1)


def test_who_is_asked_to_end_ends_well() -> None:
    """SIGTERM ends the service after the step it is in, without another wait, and signals mean what they did before."""
    before = signal.getsignal(signal.SIGTERM)
    service, waits = Service(100, ask_at=5), []
    serve(service, lambda: waits.append(service.done))
    assert (service.done, service.closed, len(waits)) == (5, 1, 4)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_broken_step_closes_the_service_too() -> None:
    """What was seen before an error is written all the same, and the error is told."""
    service = Service(100, fail_at=2)
    with pytest.raises(RuntimeError, match="broken"):
        serve(service, lambda: None)
    assert service.closed == 1
