"""Questionnaires as forms: opened by a shortcut, following the answers, errors beside their fields, and one event in the end."""

from typing import Any

from bot.events import Said, Submitted
from tests.servers.slack import Word


def _chosen(value: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def _typed(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def _keys(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


async def _opened(server, callback_id: str = "points") -> dict[str, Any]:
    assert (await server.shortcut(callback_id)).ok
    await server.until(lambda: server.views)
    return next(iter(server.views.values()))


async def _choose(server, view: dict[str, Any], values: dict[str, Any]):
    """Somebody picks an option: Slack tells the app the whole form."""
    state = {key: {f"form:{key}": value} for key, value in values.items()}
    key, value = list(values.items())[-1]
    payload = {
        "type": "block_actions",
        "team": {"id": "T0TEAM"},
        "user": {"id": "U1", "team_id": "T0TEAM"},
        "api_app_id": "A0APP",
        "trigger_id": server.trigger(),
        "container": {"type": "view", "view_id": view["id"]},
        "view": {**view, "state": {"values": state}},
        "actions": [{"type": value["type"], "action_id": f"form:{key}", "block_id": key, **value}],
        "is_enterprise_install": False,
    }
    ack = await server.deliver("interactive", payload)
    assert ack.ok
    return ack


async def test_a_shortcut_opens_the_questionnaire_as_a_form(server, slack, desk) -> None:
    view = await _opened(server)
    assert view["title"]["text"] == "Points test"
    assert _keys(view)[:3] == ["age", "english", "overseas_years"]
    assert "regional_study" not in _keys(view)
    assert desk.events == []


async def test_the_form_follows_the_answers_and_shows_the_sum_so_far(server, slack, desk) -> None:
    view = await _opened(server)
    age = next(
        block["element"]["options"][1]["value"] for block in view["blocks"] if block["block_id"] == "age" and "options" in block["element"]
    )
    before = view["hash"]
    await _choose(server, view, {"age": _chosen(age), "education": _chosen("doctorate")})
    await server.until(lambda: view["hash"] != before)
    assert "australian_study" in _keys(view)
    assert any(block["block_id"] == "so_far" and "points" in block["elements"][0]["text"] for block in view["blocks"])
    assert desk.events == []


async def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_happens(server, slack, desk) -> None:
    ack = await server.submit("points", {"form:english": _typed("banana"), "form:overseas_years": _typed("4")})
    assert ack.payload["response_action"] == "errors"
    assert list(ack.payload["errors"]) == ["english"]
    assert desk.events == []


async def test_a_well_filled_form_is_one_event(server, slack, desk) -> None:
    ack = await server.submit("points", {"form:education": _chosen("doctorate"), "form:overseas_years": _typed("4")})
    assert desk.events[0].body == Submitted("points", (("education", "doctorate"), ("overseas_years", "4")))
    assert ack.payload["response_action"] == "update"


async def test_a_form_that_slack_does_not_open_is_asked_question_by_question(server, slack, desk) -> None:
    server.fail("views.open", Word("trigger_expired"))
    assert (await server.shortcut("points")).ok
    await server.until(lambda: server.shown)
    assert desk.events[0].body == Said("/points")
    assert server.views == {}


async def test_every_questionnaire_has_a_form_that_slack_takes(server, slack, desk) -> None:
    for key in ("points", "audit", "profile"):
        server.views.clear()
        assert _keys(await _opened(server, key))
    assert [call.answer["ok"] for call in server.calls("views.open")] == [True] * 3
