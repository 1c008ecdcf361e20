"""Files that packages bring and that this site neither serves nor ships."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

GPL_EDITOR = "oscar/js/tinymce"  # GPL, see THIRD_PARTY_NOTICES.md; the dashboard works without it


class PermittedFilesFinder(AppDirectoriesFinder):  # type: ignore[misc, unused-ignore]
    """Django's own finder, but for the editor whose licence does not allow to ship it."""

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        for path, storage in super().list(ignore_patterns):
            if not path.startswith(GPL_EDITOR):
                yield path, storage

    def find_in_app(self, app: str, path: str) -> Any:
        return None if path.startswith(GPL_EDITOR) else super().find_in_app(app, path)
