# SPDX-License-Identifier: GPL-2.0-or-later
"""What to call each device of a report: as the household does, else as the device does, else by its address."""

from collections import Counter

from appliance.events import Device, Placement
from appliance.report.model import Report


class Names:
    """Looks names up; two devices never share one."""

    def __init__(self, report: Report) -> None:
        self._placements = {placement.device: placement for placement in report.placements}
        self._devices = {device.device: device for device in report.devices}
        known = self._placements.keys() | self._devices.keys() | {upload.flow.device for upload in report.uploads}
        plain = {device: self._plain(device) for device in known}
        shared = Counter(plain.values())
        self._names = {
            device: name if shared[name] == 1 or name == device else f"{name} ({device[-5:]})"
            for device, name in plain.items()
        }

    def of(self, device: str) -> str:
        """The one name of ``device``."""
        return self._names.get(device, device)

    def placement(self, device: str) -> Placement:
        """What the household says of ``device``, if only that it is there."""
        return self._placements.get(device, Placement(device))

    def device(self, device: str) -> Device | None:
        """What is known of ``device`` itself."""
        return self._devices.get(device)

    def _plain(self, device: str) -> str:
        placement, known = self.placement(device), self._devices.get(device)
        if placement.name:
            return placement.name
        own = _own_name(known) if known else None
        if placement.room:
            return f"{placement.room[:1].upper()}{placement.room[1:]} {own or 'speaker'}"
        return own or device


def _own_name(device: Device) -> str | None:
    if device.speaker:
        return device.model or device.name or device.speaker
    return device.name or device.model
