"""The content in use, and the way to another without a restart."""

import logging
from pathlib import Path

from content.library import ContentError, load

log = logging.getLogger(__name__)


class ContentStore:
    """The content in use. `reload` reads the folder again; a folder with errors changes nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.content = load(folder)

    def reload(self) -> str:
        """Empty, or what is wrong."""
        try:
            self.content = load(self._folder)
        except ContentError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 -- whoever asked for it waits for an answer
            # No texts in logs.
            log.error("the content cannot be read: %s", type(error).__name__)  # noqa: TRY400
            return f"it cannot be read ({type(error).__name__})"
        return ""
