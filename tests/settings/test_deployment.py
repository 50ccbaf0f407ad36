"""What operators copy: the image, the compose file, the systemd unit.

They name files, settings and commands that exist.
"""

import asyncio
import json
import os
import re
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from bot.runtime import service
from bot.runtime.settings import Settings
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer

HERE = Path(__file__).parents[2]
IMAGE = (HERE / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
PYTHONS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
STOP_SECONDS = (
    service.INTAKE_STOPS_SECONDS
    + service.TURNS_END_SECONDS
    + service.LOOPS_STOP_SECONDS
    + service.LANDING_SECONDS
)


def lines(word: str) -> list[str]:
    return re.findall(rf"^{word} (.+)$", IMAGE, re.MULTILINE)


def test_the_image_copies_what_is_there_and_leaves_out_what_is_nobodys_business():
    copied = [name for line in lines("COPY") if "--from" not in line for name in line.split()[:-1]]
    assert [name for name in copied if not (HERE / name).exists()] == []
    left_out = (HERE / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".env*", "*.db*"} <= set(left_out)


def test_the_image_builds_without_asking_for_anything_that_is_not_locked():
    locked = re.findall(
        r"^([a-z0-9-]+)==", (HERE / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {"hatchling", "editables"} <= set(locked), (
        "--no-build-isolation wants them in the environment"
    )
    assert "--require-hashes" in IMAGE
    assert "--no-build-isolation" in IMAGE


def test_the_image_runs_as_nobody_in_particular_and_hears_the_signal_to_stop():
    assert lines("USER") == ["10001"], "a number: Kubernetes cannot look a name up"
    assert "useradd --uid 10001" in IMAGE
    assert [json.loads(line) for line in (*lines("ENTRYPOINT"), *lines("CMD"))] == [
        ["pivotbot"],
        ["run"],
    ], "no shell in between"
    known = {name.upper() for name in Settings.model_fields} | PYTHONS
    assert {name for line in lines("ENV") for name in re.findall(r"(\w+)=", line)} - known <= {
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_NO_CACHE_DIR",
    }


async def test_the_images_health_check_tells_a_bot_that_runs_from_one_that_does_not(tmp_path):
    command = json.loads(re.findall(r"HEALTHCHECK .*?CMD (\[.+\])", IMAGE)[0])

    async def checked(port: int) -> int:
        environment = {"PATH": os.environ["PATH"], "PORT": str(port)}
        check = await asyncio.create_subprocess_exec(
            sys.executable, *command[1:], env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        return await check.wait()

    async with (
        TelegramServer() as telegram,
        running_bot(f"sqlite:///{tmp_path}/bot.db", telegram=telegram) as bot,
    ):
        port = bot.door.base_url.port
        assert await checked(port) == 0
    assert await checked(port) != 0


def test_the_compose_file_starts_the_bot_read_only_beside_a_database_that_is_well():
    bot, database = COMPOSE["services"]["bot"], COMPOSE["services"]["database"]
    ours = {name.lower() for name in bot["environment"]} - {"pgpassword"}
    assert ours <= set(Settings.model_fields)
    assert (bot["read_only"], bot["cap_drop"], bot["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in database
    assert int(bot["stop_grace_period"].removesuffix("s")) > STOP_SECONDS
    mounted = {
        volume.partition(":")[0] for service in (bot, database) for volume in service["volumes"]
    }
    assert mounted == set(COMPOSE["volumes"])
    url = bot["environment"]["DATABASE_URL"]
    assert Settings(_env_file=None, database_url=url).database_url == url
    assert "PASSWORD" not in url, "a password with @ or / would break the address"
    assert bot["environment"]["PGPASSWORD"] == database["environment"]["POSTGRES_PASSWORD"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"]), (
        "operators' pages are not for everybody"
    )


@pytest.fixture
def unit() -> ConfigParser:
    text = (HERE / "docs" / "running.md").read_text(encoding="utf-8")
    found = re.search(r"^ +\[Unit\]\n(?:(?: +.*)?\n)+", text, re.MULTILINE)
    assert found
    parser = ConfigParser(strict=False, interpolation=None)  # filters come twice
    parser.optionxform = str
    parser.read_string(re.sub(r"^ +", "", found[0], flags=re.MULTILINE))
    return parser


def test_the_systemd_unit_gives_a_stop_its_time_and_the_bot_one_folder_to_write_to(unit):
    service = unit["Service"]
    assert service["ExecStart"].endswith("/pivotbot run")
    assert int(service["TimeoutStopSec"]) > STOP_SECONDS
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert (service["DynamicUser"], service["ProtectSystem"], service["Restart"]) == (
        "yes",
        "strict",
        "always",
    )


def test_the_systemd_unit_gives_away_nothing_that_the_bot_does_not_need(unit):
    service = unit["Service"]
    wanted = (
        "NoNewPrivileges ProtectHome PrivateTmp PrivateDevices PrivateUsers ProtectClock ProtectHostname ProtectKernelLogs "
        "ProtectKernelModules ProtectKernelTunables ProtectControlGroups RestrictNamespaces RestrictRealtime RestrictSUIDSGID "
        "LockPersonality RemoveIPC"
    )
    assert {name: service[name] for name in wanted.split()} == dict.fromkeys(wanted.split(), "yes")
    assert service["CapabilityBoundingSet"] == ""
    assert service["RestrictAddressFamilies"].split() == ["AF_INET", "AF_INET6", "AF_UNIX"]
