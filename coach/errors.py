"""Invalid user input, told in one line: the place, the problem, and what to type instead."""

from __future__ import annotations

from devices.api import suggestion

__all__ = ["InvalidSettings", "suggestion"]


class InvalidSettings(ValueError):
    """Invalid user input (config, workout or command line): place, problem and fix in one line, then the offending line."""

    def __init__(self, path: str, line: int | None, message: str, hint: str = "", excerpt: str = "") -> None:
        self.path, self.line, self.message, self.hint = path, line, message, hint
        told = f"{path}:{line}: {message}" if line else f"{path}: {message}"
        told = f"{told}; {hint}" if hint else told
        super().__init__(f"{told}\n{excerpt}" if excerpt else told)
