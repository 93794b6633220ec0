# SPDX-License-Identifier: GPL-2.0-or-later
"""From one placement to another and back.

Each step leaves a record first, so that a crash or a power cut at any moment ends in the state of before: by the timer,
or at the next start of the machine, before it has a network.
"""

import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from appliance.limits import CONFIRM_MINUTES
from appliance.placing.chosen import before, undone
from appliance.placing.plan import Command, PlacingError, Plan
from appliance.placing.record import Book, Change, Record, Saved, State, TakenBack
from appliance.placing.seen import Seen
from appliance.placing.system import System, revert_files
from appliance.placing.wish import Wanted
from appliance.settings import SETTINGS


class Switch:
    """Changes how this machine is placed."""

    def __init__(self, book: Book | None = None, system: System | None = None) -> None:
        self._book, self._system = book or Book(), system or System()

    def known(self, seen: Seen) -> Seen:
        """Return the machine as it was before anything was placed: what is chosen anew is chosen for that one."""
        first = self._book.read().now.seen
        if first is None:
            return seen
        there = {port.name: port for port in seen.ports}
        old = [port for port in first.ports if port.name in there]
        kept = [port.model_copy(update={"carrier": there[port.name].carrier}) for port in old]
        new = [port for port in seen.ports if first.port(port.name) is None and port.hardware]
        return first.model_copy(update={"ports": (*kept, *new), "settings": seen.settings})

    def placed(self, plan: Plan) -> bool:
        """Say whether the machine is placed so already."""
        now = self._book.read().now.plan
        settings = [file.text for file in plan.files if file.path == SETTINGS]
        return (
            now is not None
            and [file for file in now.files if file.path != SETTINGS] == [f for f in plan.files if f.path != SETTINGS]
            and settings == [self._book.text(SETTINGS)]
        )

    def apply(self, plan: Plan, seen: Seen, minutes: float = CONFIRM_MINUTES) -> None:
        """Place the machine; it goes back by itself after some minutes, or at its next start, unless confirmed.

        Raises PlacingError if it did not work; then it is as it was before.
        """
        self._system.ready()
        with self._book.alone(), _undisturbed():
            record = self._book.read()
            if record.pending:
                raise PlacingError(
                    "a change of the network waits for its confirmation: earwitness confirm-network keeps it, "
                    "earwitness revert-network takes it back"
                )
            target, change = self._prepared(record.now, plan, seen)
            self._begin(Record(now=target, pending=change), record.now, str(plan.placement), minutes * 60)
            try:
                self._go(record.now, target)
                self._look_out(target, seen)
            except (PlacingError, OSError) as error:
                self._take_back()
                raise PlacingError(f"{error}. The network is as it was before") from error

    def confirm(self) -> bool:
        """Keep the change that waits; say whether there was one."""
        with self._book.alone(), _undisturbed():
            record = self._book.read()
            if record.pending is None:
                return False
            self._book.write(Record(now=record.now))
            self._end()
            return True

    def revert(self) -> bool:
        """Take back the change that waits; say whether there was one. If nobody is there to see it, leave word."""
        with self._book.alone(), _undisturbed():
            return self._take_back(self._book.lapsed())

    def undo(self) -> bool:
        """Make the network as it was before Earwitness; say whether there was anything to undo."""
        self._system.ready()
        with self._book.alone(), _undisturbed():
            waited = self._take_back()
            self._book.take_word()
            record = self._book.read()
            if record.now.plan is None:
                return waited
            files = dict(record.now.originals)
            files[SETTINGS] = self._settings_before(record.now)
            change = Change(back_to=State(), files=files)
            self._begin(Record(now=record.now, pending=change), record.now, Wanted.UNDO, None)
            return self._take_back()

    def would_undo(self) -> list[str]:
        """Return a line for each file that undoing would change."""
        now = self._book.read().now
        words = {"absent": "remove", "link": "link  ", "file": "put back"}
        return [f"{words[saved.kind]}  {path}" for path, saved in now.originals.items()]

    # -- steps ---------------------------------------------------------------------------------------------------

    def _prepared(self, now: State, plan: Plan, seen: Seen) -> tuple[State, Change]:
        """Return the state that is to be, and how to come back."""
        paths = {file.path: file for file in plan.files}
        touched = {path: self._book.save(path) for path in {*paths, *now.originals}}
        originals = now.originals | {path: saved for path, saved in touched.items() if path not in now.originals}
        folders = (*now.folders, *self._book.missing_folders(paths))
        target = State(plan=plan, seen=now.seen or seen, originals=originals, folders=folders)
        return target, Change(back_to=now, files=touched)

    def _begin(self, record: Record, before_it: State, placement: str, seconds: float | None) -> None:
        """See to it that what comes is taken back, whatever happens; change nothing if that cannot be."""
        try:
            for file in revert_files():
                self._book.make_folders(self._book.missing_folders({file.path: file}))
                self._book.put(file)
            self._book.write(record)
            self._book.mark(placement, seconds or 0.0)
            if seconds is not None:
                self._system.arm(seconds)
        except (PlacingError, OSError):
            self._book.write(Record(now=before_it))
            self._end()
            raise

    def _go(self, old: State, target: State) -> None:
        """Make the running machine what the target says; from one placement to another by way of none."""
        if old.plan:
            self._leave(old)
        self._book.make_folders(target.folders)
        if target.plan:
            self._run(target.plan.first)
            for file in target.plan.files:
                self._book.put(file)
            self._run(target.plan.enter)

    def _leave(self, state: State) -> None:
        """Make the running machine what it was before anything was placed."""
        if state.plan:
            self._run(state.plan.leave, forgiving=True)
            self._restore(state.originals)
            self._run(state.plan.back, forgiving=True)

    def _restore(self, files: Mapping[Path, Saved]) -> str:
        """Put files back, those first that take no room; return what went wrong with some of them, if anything."""
        wrong = ""
        for path, saved in sorted(files.items(), key=lambda each: each[1].kind != "absent"):
            try:
                self._book.restore(path, saved)
            except FileNotFoundError:
                continue  # its folder was not made yet
            except OSError as error:
                wrong = f"{path}: {error.strerror}"
        return wrong

    def _look_out(self, target: State, seen: Seen) -> None:
        """Raise PlacingError if the machine had an address before and gets none now."""
        plan = target.plan
        if plan is None or plan.bridge is None:
            return
        had = sorted({family for port in seen.ports if port.name in plan.ports for family in port.families})
        if had and not self._system.addressed(plan.bridge, had[0]):  # IPv4, where there was any
            raise PlacingError(f"{plan.bridge} got no address, and its port had one before")

    def _take_back(self, word: TakenBack | None = None) -> bool:
        """Go back to the state of before the change that waits. Whoever is interrupted here begins again.

        The word is left while that still holds: what comes at the end takes away the service that this may run in.
        """
        record = self._book.read()
        change = record.pending
        if change is None:
            if self._book.mark_path.exists():
                self._end()
            return False
        goes_to = change.back_to.plan
        running = self._system.networked(record.now.seen.backend if record.now.seen else None)
        if running:
            self._leave(record.now)
            self._run(goes_to.first if goes_to else (), forgiving=True)
        wrong = self._restore(change.files)
        self._book.remove_folders(tuple(each for each in record.now.folders if each not in change.back_to.folders))
        if running and goes_to:
            self._run(goes_to.enter, forgiving=True)
        if wrong:  # the mark stays: it is tried again at the next start
            raise PlacingError(f"{wrong}, so not every file is as it was")
        if word:
            self._book.leave_word(word)
        self._book.write(Record(now=change.back_to))
        self._end()
        return True

    def _end(self) -> None:
        """Take away what stood ready to take the change back."""
        self._book.unmark()
        for file in reversed(revert_files()):
            self._book.restore(file.path, Saved())
        self._system.disarm()

    def _run(self, commands: Iterable[Command], *, forgiving: bool = False) -> None:
        """Run commands; on the way back none may keep the next from being run."""
        for command in commands:
            self._system.run(command.model_copy(update={"may_fail": True}) if forgiving else command)

    def _settings_before(self, now: State) -> Saved:
        """Return the settings as they were; if somebody changed them since, as they are but for the placement."""
        first, present = now.originals.get(SETTINGS, Saved()), self._book.save(SETTINGS)
        ours = next((file for file in now.plan.files if file.path == SETTINGS), None) if now.plan else None
        if present.kind != "file" or ours is None or present.content.encode("latin-1").decode() == ours.text:
            return first
        text = undone(self._book.text(SETTINGS), before(first.content.encode("latin-1").decode()))
        return present.model_copy(update={"content": text.encode().decode("latin-1")})


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no terminal that goes away, and no key, break off a change: the network may be the way to the terminal."""
    names = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)
    earlier = {name: signal.signal(name, _nothing) for name in names}  # ignored ones would be ignored by children, too
    try:
        yield
    finally:
        for name, handler in earlier.items():
            signal.signal(name, handler)


def _nothing(*_: object) -> None:
    """Do nothing at a signal."""
