# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages, one file for each, and a blueprint in each file."""

from flask import Blueprint

from web.pages.account import account
from web.pages.alerts import alerts
from web.pages.backup import backup
from web.pages.calibrate import calibrate
from web.pages.certificates import certificates
from web.pages.channels import channels
from web.pages.ears import ears
from web.pages.errands import errands
from web.pages.first_steps import first_steps
from web.pages.forget import forget
from web.pages.health import health
from web.pages.home import home
from web.pages.live_test import live_test
from web.pages.login import login
from web.pages.network import network
from web.pages.push import push
from web.pages.settings import settings
from web.pages.setup import setup
from web.pages.speaker import speaker
from web.pages.speakers import speakers
from web.pages.update import update
from web.pages.upload import upload
from web.pages.uploads import uploads
from web.pages.users import users

PAGES: tuple[Blueprint, ...] = (
    account,
    alerts,
    backup,
    calibrate,
    certificates,
    channels,
    ears,
    errands,
    first_steps,
    forget,
    health,
    home,
    live_test,
    login,
    network,
    push,
    settings,
    setup,
    speaker,
    speakers,
    update,
    upload,
    uploads,
    users,
)
