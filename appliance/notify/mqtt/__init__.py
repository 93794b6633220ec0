# SPDX-License-Identifier: GPL-2.0-or-later
"""MQTT: what the house is like, for Home Assistant and whoever else listens; and alerts as messages."""
