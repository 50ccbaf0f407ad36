"""Slack: payloads in, Block Kit out, and everything that Slack's SDK must be told or spared."""
