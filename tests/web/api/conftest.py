# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that ask the API of the simulated house, with tokens of their own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.accounts import Scope
from web.house import House


def program(app: Flask, house: House, scope: Scope) -> FlaskClient:
    """Return a program with a token of that scope."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {house.accounts.tokens.add(scope, scope, house.now())}"
    return client


@pytest.fixture
def reading(app: Flask, house: House) -> FlaskClient:
    """A program that may read."""
    return program(app, house, Scope.READ)


@pytest.fixture
def control(app: Flask, house: House) -> FlaskClient:
    """A program that may change what an owner may."""
    return program(app, house, Scope.CONTROL)


@pytest.fixture
def measuring(app: Flask, house: House) -> FlaskClient:
    """A program that may read the metrics."""
    return program(app, house, Scope.METRICS)
