"""What keeps the tests apart from the machine they run on."""

import os
import socket

import pytest


@pytest.fixture(scope="module", autouse=True)
def operators_shell():
    """As if somebody ran the tests where the production bot's token is exported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TELEGRAM_BOT_TOKEN", "1:production")
        patch.setenv("DATABASE_URL", "postgresql://production/bot")
        yield


def test_no_setting_of_the_shell_reaches_a_test():
    assert "TELEGRAM_BOT_TOKEN" not in os.environ
    assert "DATABASE_URL" not in os.environ


def test_nothing_but_loopback_can_be_reached():
    with socket.socket() as plug, pytest.raises(Exception, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 443))
