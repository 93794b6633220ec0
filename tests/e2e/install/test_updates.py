# SPDX-License-Identifier: GPL-2.0-or-later
"""install.sh --update on whole machines: what takes over, what goes back, and what a kill leaves."""

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.release import sign
from tests.e2e.house import until
from tests.e2e.install import releases
from tests.e2e.install.machine import SELDOM, Backend, Machine
from tests.e2e.install.test_install import (
    STICK,
    WRITTEN_ANEW,
    install,
    plugged,
    processes,
    release_for,
    run_well,
)
from tests.e2e.visitor import PASSWORD, Visitor

BOOK = "/var/lib/earwitness-install"
CURRENT = "/opt/earwitness/current"
#: One machine for each suite: who looks after the network makes no difference here. All of it takes minutes.
MACHINES = (SELDOM[0], SELDOM[-1])


@pytest.mark.parametrize(("suite", "backend"), MACHINES)
def test_an_installation_that_is_broken_off_goes_on(suite: str, backend: Backend, stick: Path) -> None:
    """Whenever it is killed, the next run ends what it began, and uninstalling finds all of it."""
    release = release_for(stick, suite)
    with plugged(suite, backend, stick) as machine:
        clean = machine.files(WRITTEN_ANEW)
        for path in ("/opt/earwitness/releases", "/etc/systemd/system/earwitness-hub.service", CURRENT):
            broken_off(machine, release, there(machine, path), kill(machine, "-9 -"))
        installed(machine, release)
        run_well(machine)
        said = install(machine, release, "--uninstall", "--purge")
        assert (said.returncode, machine.files(WRITTEN_ANEW)) == (0, clean), said.stdout


@pytest.mark.parametrize(("suite", "backend"), MACHINES)
def test_an_update_is_done_or_undone(suite: str, backend: Backend, stick: Path) -> None:
    """A good release takes over, with all that was known; a bad one does not, whether it fails its test or at work."""
    release = release_for(stick, suite)
    good = releases.another(release, "7.0.0")
    untrue = releases.with_a_bad_judge(releases.another(release, "7.1.0"))
    broken = releases.with_a_bad_unit(releases.another(release, "7.2.0"), "earwitness-hub.service")
    with plugged(suite, backend, stick) as machine:
        said = install(machine, release, "--update")
        assert (said.returncode, "nothing is installed" in said.stdout) == (1, True), said.stdout
        code = installed(machine, release)
        said = install(machine, good, "--update")
        assert (said.returncode, last(machine)["state"]) == (0, "done"), said.stdout
        works(machine, "7.0.0", code)
        running = processes(machine)
        said = install(machine, untrue)
        assert (said.returncode, last(machine)["state"]) == (1, "refused"), said.stdout
        works(machine, "7.0.0", code)
        assert processes(machine) == running, f"the old one stopped watching: {machine.journal('-u', 'earwitness*')}"
        said = install(machine, broken, "--update")
        assert (said.returncode, last(machine)["state"]) == (1, "back"), said.stdout
        works(machine, "7.0.0", code)


@pytest.mark.parametrize(("suite", "backend"), MACHINES)
def test_an_update_that_is_broken_off_is_undone(suite: str, backend: Backend, stick: Path) -> None:
    """Whoever kills install.sh while it changes over, or cuts the power, finds the old release at work."""
    release = release_for(stick, suite)
    good = releases.another(release, "7.4.0")
    version = (release / "RELEASE").read_text().split()[1]

    def switched() -> bool:
        return "7.4.0" in machine.run(["readlink", CURRENT])

    with plugged(suite, backend, stick) as machine:
        begun = there(machine, f"{BOOK}/updating")
        code = installed(machine, release)
        for moment, end in (
            (begun, kill(machine, "-9 -")),
            (switched, kill(machine, "-9 -")),
            (switched, kill(machine, "-9 ")),
            (switched, lambda: machine.reboot(cut=True)),
        ):
            broken_off(machine, good, moment, end, "--update")
            until("the old release to run again", lambda: last(machine)["state"] == "back", 180)
            until("the update to be over", lambda: not begun(), 60)
            works(machine, version, code)
        assert install(machine, good, "--update").returncode == 0
        works(machine, "7.4.0", code)


@pytest.mark.parametrize(("suite", "backend"), MACHINES)
def test_an_update_that_is_killed_before_it_changes_over_is_told(suite: str, backend: Backend, stick: Path) -> None:
    """While the new release tries itself out nothing is changed; what nobody is at any more says so, until the next.

    What was unpacked goes with the next start.
    """
    release = release_for(stick, suite)
    good = releases.another(release, "7.6.0")
    bundle = f"{STICK}/{suite}/{releases.packed(good).name}"
    incoming = ["test", "-e", f"{BOOK}/incoming"]
    version = (release / "RELEASE").read_text().split()[1]
    words = "The last update was broken off"
    shown = ["sh", "/opt/earwitness/current/share/install.sh", "--version"]
    with plugged(suite, backend, stick) as machine:
        code = installed(machine, release)

        def tries() -> bool:
            assert words not in machine.run(shown)
            return "tries itself" in last(machine).get("words", "")

        for end, gone in ((kill(machine, "-9 -"), 0), (lambda: machine.reboot(cut=True), 1)):
            broken_off(machine, release, tries, end, "--update", bundle)
            assert machine.ask(incoming).returncode == gone
            assert last(machine)["state"] == "running"
            assert words in machine.run(shown)
            assert "was broken off" in machine.run("earwitness doctor --seconds 1", check=False)
            works(machine, version, code)
            machine.run(["rm", f"{BOOK}/last-update.json"])
        assert install(machine, good, "--update").returncode == 0
        assert words not in machine.run(shown)
        works(machine, "7.6.0", code)


@pytest.mark.parametrize(("suite", "backend"), MACHINES)
def test_a_page_installs_what_is_signed_and_nothing_else(suite: str, backend: Backend, stick: Path) -> None:
    """From the upload's form to the new release: what root's rules vouch for is installed; else the page says why not.

    The hub can only ask: what it laid ready is looked at again. A refusal keeps nothing from being asked for again.
    """
    release = release_for(stick, suite)
    version = (release / "RELEASE").read_text().split()[1]
    bundle = releases.packed(releases.another(release, "7.5.0"))
    key = Ed25519PrivateKey.generate()
    rule = f"releases: [{{id: us, key: {b64encode(key.public_key().public_bytes_raw()).decode()}, source: tests}}]"
    with plugged(suite, backend, stick) as machine:
        machine.run(["mkdir", "-p", "/etc/earwitness/rules.d"])
        machine.run(["tee", "/etc/earwitness/rules.d/release.yaml"], stdin=rule)
        code = installed(machine, release)
        owner = Visitor(machine.street.router, machine.address("eth0") or "")
        owner.own(code.strip())

        def asked() -> str:
            """Give the bundle, have it installed, and return what the page says of it in the end."""
            assert "7.5.0 is whole" in owner.give("/update", "/update/bundle", bundle)
            owner.post("/update", "/update", password=PASSWORD)
            return over(machine, owner)

        for signed_by in (None, Ed25519PrivateKey.generate()):
            if signed_by:
                sign(bundle, signed_by)
            assert "This cannot be installed" in owner.give("/update", "/update/bundle", bundle)
            assert "lies ready" not in owner.get("/update")  # asking for it counts as an attempt, and those are few
        sign(bundle, key)
        assert "7.5.0 is whole" in owner.give("/update", "/update/bundle", bundle)
        change = "printf changed | dd of=/var/lib/earwitness/update/bundle.tar bs=1 seek=700 conv=notrunc"
        machine.run(["sh", "-c", change])
        owner.post("/update", "/update", password=PASSWORD)
        page = over(machine, owner)
        assert "a bundle was refused; nothing was changed" in page
        assert "was changed, or somebody else signed it" in page
        assert f"/{version}-py" in machine.run(["readlink", CURRENT])
        assert "version 7.5.0 took the place of" in asked()
        assert "/7.5.0-py" in machine.run(["readlink", CURRENT])
        assert "This release runs already" in asked()
        run_well(machine)


def over(machine: Machine, owner: Visitor) -> str:
    """Wait until what the page asked for is done, or refused; return the page then."""
    until("nobody to ask any more", lambda: machine.run("ls /run/earwitness-asked") == "", 300)
    assert machine.failed() == "", "the next request would find it so"
    return until("the page", lambda: owner.get("/update"), 60)


def installed(machine: Machine, release: Path) -> str:
    """Install a release, and return the one-time code, which is of what the house knows."""
    said = install(machine, release)
    assert said.returncode == 0, said.stdout
    return machine.run(["earwitness", "setup-code"])


def broken_off(
    machine: Machine, release: Path, moment: Callable[[], bool], end: Callable[[], object], *arguments: str
) -> None:
    """Run install.sh, and end it by force at a moment."""
    script = f"{STICK}/{release.parent.name}/{release.name}/install.sh"
    noted = 'echo $$ > /run/its-number; exec sh "$@"'
    process = machine.start(["setsid", "-w", "sh", "-c", noted, "sh", script, *arguments])
    until("that moment", moment, 180)
    end()
    process.communicate(timeout=60)


def there(machine: Machine, path: str) -> Callable[[], bool]:
    """Return what says whether a file is there."""
    return lambda: machine.ask(["test", "-e", path]).returncode == 0


def kill(machine: Machine, how: str) -> Callable[[], str]:
    """Return what kills install.sh: itself alone, or ("-" before the number) with all that it started."""
    return lambda: machine.run(["sh", "-c", f"kill {how}$(cat /run/its-number)"])


def works(machine: Machine, version: str, code: str) -> None:
    """Fail unless that version runs, with what was known."""
    assert f"/{version}-py" in machine.run(["readlink", CURRENT])
    run_well(machine)
    assert machine.run(["earwitness", "setup-code"]) == code
    assert machine.ask(["test", "-e", f"{BOOK}/updating"]).returncode == 1


def last(machine: Machine) -> dict[str, str]:
    """Return what is told of the last update."""
    read = machine.ask(["cat", f"{BOOK}/last-update.json"])
    told: dict[str, str] = json.loads("{}" if read.returncode else read.stdout)
    return told
