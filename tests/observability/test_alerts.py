"""The rules that operators begin with: well formed, about figures that there are,
each with a sentence.
"""

import re
from pathlib import Path

import pytest
import yaml

from bot.runtime.metrics import Metrics

GROUPS = yaml.safe_load((Path(__file__).parents[2] / "docs" / "alerts.yaml").read_text())["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
NAMES = {
    f"{family.name}_total" if family.type == "counter" else family.name
    for family in Metrics().registry.collect()
}


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_is_about_figures_that_there_are(rule):
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert set(re.findall(r"pivotbot_\w+", rule["expr"])) <= NAMES
    assert rule["annotations"]["summary"].endswith(".")
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))


def test_what_loses_or_delays_messages_has_a_rule():
    named = {name for rule in RULES for name in re.findall(r"pivotbot_\w+", rule["expr"])}
    assert named >= {
        "pivotbot_store_gone_total",
        "pivotbot_messages_unknown",
        "pivotbot_clock_step_seconds",
        "pivotbot_outbox_answers_oldest_seconds",
        "pivotbot_dead_tokens",
    }
