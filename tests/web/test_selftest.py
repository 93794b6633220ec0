# SPDX-License-Identifier: GPL-2.0-or-later
import time
from pathlib import Path

from web.selftest import SelfTest


def test_one_at_a_time(tmp_path: Path) -> None:
    """A second one is refused while the first runs; afterwards there is what it said, and how it ended."""
    gate = tmp_path / "gate"
    trial = SelfTest(("sh", "-c", f"until [ -e {gate} ]; do sleep 0.05; done; echo said; echo loud >&2; exit 1"))
    assert trial.start(5.0)
    assert not trial.start(6.0)
    assert trial.trial is not None
    assert (trial.trial.begun, trial.trial.status, trial.trial.right) == (5.0, None, False)
    gate.touch()
    trial.wait()
    assert (trial.trial.status, trial.trial.text, trial.trial.right) == (1, "said\nloud", False)
    assert trial.start(7.0)
    trial.wait()


def test_it_ends_before_the_hub_where_memory_is_short() -> None:
    """The kernel takes it first, and then what it started."""
    score = "cat /proc/self/oom_score_adj"
    trial = SelfTest(("sh", "-c", f'until [ "$({score})" = 900 ]; do sleep 0.05; done; sh -c "{score}"'))
    trial.start(0.0)
    trial.wait()
    assert trial.trial is not None
    assert trial.trial.text == "900"


def test_nothing_outlives_it(tmp_path: Path) -> None:
    """Killed in the middle, it takes along what it started and what it wrote, whose end it could not see to."""
    said = tmp_path / "said"
    lasting = "sleep 1000 >/dev/null 2>&1 & echo $! $(mktemp -d)"
    trial = SelfTest(("sh", "-c", f"{lasting} >{said}; kill -9 $$"))
    trial.start(0.0)
    trial.wait()
    assert trial.trial is not None
    assert trial.trial.status == -9
    pid, folder = said.read_text().split()
    assert not Path(folder).exists()
    until = time.monotonic() + 30
    while _runs(pid):
        assert time.monotonic() < until, "what it started goes on"


def _runs(pid: str) -> bool:
    """Whether there is such a process; one that has ended and is not yet fetched by its parent does not run."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_command_that_is_not_there_is_told() -> None:
    """An installation that lacks it says so in the page."""
    trial = SelfTest(("no-such-program",))
    trial.start(0.0)
    trial.wait()
    assert trial.trial is not None
    assert "no-such-program" in trial.trial.text
