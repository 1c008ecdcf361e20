"""Ports that come with the platform: the console, a file, and a list for tests."""

import json
import os
import sys
from pathlib import Path

from django.conf import settings

from core import clock
from notices.ports import Message

FILE_NAME = "messages.log"


class ConsolePort:
    """Writes messages where the process writes its errors; for development."""

    def send(self, message: Message) -> None:
        sys.stderr.write(f"✉ {message.mobile} [{message.template}] {message.text}\n")
        sys.stderr.flush()


def messages_file() -> Path:
    """Where ``FilePort`` writes."""
    return Path(settings.VAR_DIR) / FILE_NAME


class FilePort:
    """Adds one line of JSON a message to ``VAR_DIR/messages.log``; the demo reads it back."""

    def send(self, message: Message) -> None:
        row = {
            "key": message.key,
            "at": clock.now().isoformat(),
            "mobile": message.mobile,
            "template": message.template,
            "language": message.language,
            "text": message.text,
        }
        line = json.dumps(row, ensure_ascii=False) + "\n"
        # One write in append mode: lines of two workers never mix. Only the owner may read it.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        handle = os.open(messages_file(), flags, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


class MemoryPort:
    """Keeps messages in a list, for tests."""

    sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)
