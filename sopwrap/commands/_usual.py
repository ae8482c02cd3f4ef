"""A group of commands one of which is meant when none is named."""

from __future__ import annotations

from typing import Any

import click


class UsualGroup(click.Group):
    """Words that begin with no command of the group are those of its ``usual`` command."""

    def __init__(self, *words: Any, usual: str, **options: Any) -> None:
        super().__init__(*words, **options)
        self.usual = usual

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command before words that name none."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)
