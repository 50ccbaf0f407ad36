"""The content in use, and the way to another without a restart."""

from pathlib import Path

from content.library import ContentError, load


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
        return ""
