"""Which addresses belong to the Slack that the bot talks to."""

from urllib.parse import urlsplit


def is_slacks(address: str, api_url: str) -> bool:
    """Answers and files are given to the same Slack as the Web API, by the same scheme:
    GovSlack's to GovSlack.
    """
    try:
        given, ours = urlsplit(address), urlsplit(api_url)
    except ValueError:
        return False
    host, domain = given.hostname or "", ours.hostname or ""
    return given.scheme == ours.scheme and (host == domain or host.endswith(f".{domain}"))
