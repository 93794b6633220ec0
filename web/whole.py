# SPDX-License-Identifier: GPL-2.0-or-later
"""The hub as it runs: the judge, and beside it alerts, jobs, satellites and the web, none of which takes it down."""

import time
from threading import Thread
from typing import TYPE_CHECKING

from appliance.hub.service import HubService
from appliance.rules import Rules
from appliance.serve import WARNING, say
from appliance.settings import Settings
from web.beside import Beside

if TYPE_CHECKING:
    from web.server import WebServer


class Whole:
    """The hub's service with everything beside it; the web comes up in a thread of its own."""

    def __init__(self, service: HubService, settings: Settings, rules: Rules, beside: Beside) -> None:
        """Begin what runs beside the judge."""
        self._service, self._settings, self._rules, self._beside = service, settings, rules, beside
        self._problem = ""
        self._web: WebServer | None = None
        service.web_problem = self._trouble
        service.broken_channels = lambda: beside.office.broken
        service.missed_jobs = lambda: [record.title for record in beside.schedule.missed(time.time())]
        beside.office.open()
        beside.schedule.open()
        if beside.satellites:
            beside.satellites.start()
        if settings.web.serve:
            Thread(target=self._open, name="web", daemon=True).start()

    def step(self) -> bool:
        """Judge what is new."""
        return self._service.step()

    def is_ready(self) -> bool:
        """Whether who comes now finds the dashboard, or would wait for it in vain."""
        if not self._settings.web.serve or self._problem:
            return True
        return self._web is not None and self._web.is_settled

    def close(self) -> None:
        """End what runs beside, then write everything."""
        if self._web:
            self._web.close()
        self._beside.schedule.close()
        self._beside.office.close()
        if self._beside.satellites:
            self._beside.satellites.close()
        self._service.close()

    def _open(self) -> None:
        """Serve the web; what it imports takes a small machine seconds, in which the judge judges already."""
        try:
            from web.opening import open_web  # noqa: PLC0415 - for that reason

            self._web = open_web(self._settings, self._rules, self._service, self._beside)
        except Exception as error:  # noqa: BLE001 - whatever it is, the judge goes on
            self._problem = f"{error}" or f"{error!r}"
            say(WARNING, f"the dashboard cannot be served: {error}")

    def _trouble(self) -> str:
        return self._problem or (self._web.problem if self._web else "")
