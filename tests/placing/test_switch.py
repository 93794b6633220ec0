# SPDX-License-Identifier: GPL-2.0-or-later
import json
import stat
from pathlib import Path

import pytest

from appliance.placing.design import design
from appliance.placing.plan import Command, PlacingError, Plan
from appliance.placing.record import FOLDER, Book
from appliance.placing.seen import Backend, Seen
from appliance.placing.switch import Switch
from appliance.placing.system import System
from appliance.placing.wish import AccessPoint, Wanted, Wish
from appliance.settings import SETTINGS
from tests.placing.conftest import INTERFACES

BRIDGE = Wish(placement=Wanted.BRIDGE)
MIRROR = Wish(placement=Wanted.MIRROR)
WIFI = AccessPoint(ssid="Home", passphrase="eight or more", country="DE")  # noqa: S106 - nobody's


class Cut(BaseException):
    """The power is gone: nothing runs any more, no handler either."""


class Wires(System):
    """A system whose commands do nothing; its power can be cut before any of them, and any of them can fail."""

    def __init__(self, *, cut_at: int | None = None, fails: str = "", up: bool = True, answers: bool = True) -> None:
        self.ran: list[str] = []
        self._cut_at, self._fails, self._up, self._answers = cut_at, fails, up, answers

    def ready(self) -> None:
        """Be ready."""

    def run(self, command: Command) -> None:
        """Note it; fail, or be cut, as was asked for."""
        if self._cut_at is not None and len(self.ran) >= self._cut_at:
            raise Cut
        self.ran.append(str(command))
        if self._fails and self._fails in str(command) and not command.may_fail:
            raise PlacingError(f"{command}: no")

    def networked(self, backend: Backend | None) -> bool:
        """Say what was asked for."""
        return backend is not None and self._up

    def addressed(self, interface: str, family: str, patience: float = 0.0) -> bool:
        """Say what was asked for."""
        del interface, family, patience
        return self._answers


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system of files as Debian has them, as far as placing touches them."""
    for folder in (
        "etc/network",
        "etc/systemd/system/sysinit.target.wants",
        "etc/systemd/network",
        "etc/sysctl.d",
        "var/lib",
        "run",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/network/interfaces").write_text(INTERFACES)
    (tmp_path / "etc/network/interfaces").chmod(0o640)
    (tmp_path / "etc/sysctl.d/90-earwitness.conf").write_bytes(b"# somebody's, with a byte \xff\n")
    return tmp_path


def files(root: Path) -> dict[str, tuple[int, bytes | str]]:
    found: dict[str, tuple[int, bytes | str]] = {}
    for path in sorted(root.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(root))] = (0, str(path.readlink()))
        elif path.is_file() and path.parent.name != "run":
            found[str(path.relative_to(root))] = (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        elif path.is_dir():
            found[str(path.relative_to(root))] = (stat.S_IMODE(path.stat().st_mode), "folder")
    return found


def switch(root: Path, system: System | None = None) -> Switch:
    return Switch(Book(root), system or Wires())


def waits(root: Path) -> bool:
    return (root / FOLDER.relative_to("/") / "unconfirmed").exists()


def test_a_change_waits_is_kept_and_undone(root: Path, seen: Seen) -> None:
    """While it waits others see until when; kept, it stays; undone, all is byte for byte as before."""
    before, plan = files(root), design(seen, BRIDGE)
    switch(root).apply(plan, seen)
    mark = json.loads((root / FOLDER.relative_to("/") / "unconfirmed").read_text())
    assert (mark["placement"], mark.keys()) == ("bridge", {"placement", "until", "boot"})
    with pytest.raises(PlacingError, match="waits for its confirmation"):
        switch(root).apply(plan, seen)
    assert switch(root).confirm()
    assert not waits(root)
    assert not switch(root).confirm()
    assert not switch(root).revert()
    assert switch(root).placed(plan)
    assert all((root / file.path.relative_to("/")).read_text() == file.text for file in plan.files if file.text)
    assert switch(root).undo()
    assert files(root) == before
    assert not switch(root).undo()


def test_what_nobody_kept_is_as_it_was(root: Path, seen: Seen) -> None:
    """Modes, bytes and folders too."""
    before = files(root)
    switch(root).apply(design(seen, BRIDGE), seen)
    assert files(root) != before
    assert switch(root).revert()
    assert files(root) == before


@pytest.mark.parametrize("cut_at", range(0, 24, 3))
def test_the_power_may_go_at_any_command(root: Path, seen: Seen, cut_at: int) -> None:
    """At the next start, before there is a network, the files are put back, and no command is run that needs one."""
    before, plan = files(root), design(seen, BRIDGE)
    try:
        switch(root, Wires(cut_at=cut_at)).apply(plan, seen)
    except Cut:
        start = Wires(up=False)
        switch(root, start).revert()
        assert files(root) == before
        assert all(each.startswith("systemctl") for each in start.ran)
    else:
        assert waits(root)


@pytest.mark.parametrize("cut_at", range(0, 24, 3))
def test_the_power_may_go_on_the_way_back(root: Path, seen: Seen, cut_at: int) -> None:
    """Undoing that was broken off is done at the next start."""
    before = files(root)
    switch(root).apply(design(seen, BRIDGE), seen)
    switch(root).confirm()
    try:
        switch(root, Wires(cut_at=cut_at)).undo()
    except Cut:
        switch(root, Wires(up=False)).revert()
    assert files(root) == before


@pytest.mark.parametrize("fails", ["daemon-reload", "systemd-run"])
def test_without_a_timer_nothing_is_changed(root: Path, seen: Seen, fails: str) -> None:
    """What could not go back by itself is not begun."""
    before, system = files(root), Wires(fails=fails)
    with pytest.raises(PlacingError):
        switch(root, system).apply(design(seen, BRIDGE), seen)
    assert files(root) == before
    assert not [each for each in system.ran if "br0" in each or "eth" in each]


def test_a_command_that_fails_takes_all_of_it_back(root: Path, seen: Seen) -> None:
    """The reason is told, and that the network is as it was."""
    before, plan = files(root), design(seen, BRIDGE)
    must = next(str(command) for command in plan.enter if not command.may_fail)
    with pytest.raises(PlacingError, match="as it was before"):
        switch(root, Wires(fails=must)).apply(plan, seen)
    assert files(root) == before


def test_a_bridge_that_gets_no_address_is_taken_back(root: Path, seen: Seen) -> None:
    """If its port had one; the way in is worth more than the bridge."""
    before = files(root)
    with pytest.raises(PlacingError, match="br0 got no address"):
        switch(root, Wires(answers=False)).apply(design(seen, BRIDGE), seen)
    assert files(root) == before


def test_another_placement_goes_back_to_the_one_of_before(root: Path, seen: Seen) -> None:
    """A bridge, kept; then an access point that nobody keeps: the bridge is there again. Undone: as before both."""
    before, first = files(root), design(seen, BRIDGE)
    switch(root).apply(first, seen)
    switch(root).confirm()
    bridged, system = files(root), Wires()
    second = design(switch(root).known(seen), Wish(placement=Wanted.ACCESS_POINT, wifi=WIFI))
    switch(root, system).apply(second, seen)
    assert (root / "etc/earwitness/access-point.conf").exists()
    ways = [str(each) for each in (*first.leave, *first.back, *second.first, *second.enter)]
    began = system.ran.index(ways[0])
    assert system.ran[began : began + len(ways)] == ways
    assert switch(root).revert()
    assert files(root) == bridged
    switch(root).apply(second, seen)
    switch(root).confirm()
    switch(root).undo()
    assert files(root) == before


def test_undoing_keeps_what_somebody_wrote_into_the_settings_since(root: Path, seen: Seen) -> None:
    """Only the placement goes."""
    settings = root / SETTINGS.relative_to("/")
    settings.parent.mkdir(parents=True)
    settings.write_text("# mine\n")
    told = seen.model_copy(update={"settings": "# mine\n"})
    switch(root).apply(design(told, BRIDGE), told)
    switch(root).confirm()
    settings.write_text(settings.read_text() + "\n[web]\nport = 8080\n")
    switch(root).undo()
    assert "port = 8080" in settings.read_text()
    assert "placement" not in settings.read_text()


def test_what_cannot_be_put_back_is_tried_again(root: Path, seen: Seen) -> None:
    """It keeps no other file from being put back, it is said, and the mark stays for the next start."""
    before = files(root)
    switch(root).apply(design(seen, BRIDGE), seen)
    blocked = root / "etc/sysctl.d/90-earwitness.conf"
    blocked.unlink()
    blocked.mkdir()
    with pytest.raises(PlacingError, match="not every file is as it was"):
        switch(root).revert()
    assert waits(root)
    blocked.rmdir()
    assert (root / "etc/network/interfaces").read_text() == INTERFACES
    assert switch(root, Wires(up=False)).revert()
    assert files(root) == before


def test_a_record_that_cannot_be_read_is_not_written_over(root: Path, seen: Seen) -> None:
    """It says how to undo: rather nothing is done."""
    switch(root).apply(design(seen, BRIDGE), seen)
    record = root / FOLDER.relative_to("/") / "network/record.json"
    record.write_text("{")
    plan: Plan = design(seen, MIRROR)
    for act in (lambda: switch(root).apply(plan, seen), switch(root).undo, switch(root).confirm):
        with pytest.raises(PlacingError, match="says how to undo"):
            act()
    assert record.read_text() == "{"


def word(root: Path) -> Path:
    return root / FOLDER.relative_to("/") / "taken-back.json"


@pytest.mark.parametrize("why", ["unconfirmed", "restarted"])
def test_what_went_back_by_itself_is_told(root: Path, seen: Seen, why: str) -> None:
    """Nobody may have been there to see it. The next change takes the word away, and so does undoing."""
    before, plan = files(root), design(seen, BRIDGE)
    for end in (lambda: switch(root).apply(plan, seen), switch(root).undo):
        switch(root).apply(plan, seen, minutes=0 if why == "unconfirmed" else 3)
        mark = root / FOLDER.relative_to("/") / "unconfirmed"
        if why == "restarted":
            mark.write_text(json.dumps(json.loads(mark.read_text()) | {"boot": "another"}))
        assert not word(root).exists()
        assert switch(root).revert()
        told = json.loads(word(root).read_text())
        assert (told["placement"], told["why"]) == ("bridge", why)
        assert stat.S_IMODE(word(root).stat().st_mode) == 0o644
        end()
        assert not word(root).exists()
        switch(root).revert()
    assert files(root) == before


def test_what_a_person_takes_back_is_no_news(root: Path, seen: Seen) -> None:
    """They were there. Nor is an undoing that was broken off, and ended at the next start."""
    switch(root).apply(design(seen, BRIDGE), seen)
    assert switch(root).revert()
    assert not word(root).exists()
    switch(root).apply(design(seen, BRIDGE), seen)
    switch(root).confirm()
    with pytest.raises(Cut):
        switch(root, Wires(cut_at=2)).undo()
    assert switch(root, Wires(up=False)).revert()
    assert not word(root).exists()


def test_what_is_told_lasts_whatever_comes_after(root: Path, seen: Seen) -> None:
    """Who takes a change back at a start may be ended with the service that it takes away: the word is there then."""
    switch(root).apply(design(seen, BRIDGE), seen, minutes=0)
    with pytest.raises(Cut):
        switch(root, Wires(up=False, cut_at=0)).revert()
    assert word(root).exists()
    assert not waits(root)
