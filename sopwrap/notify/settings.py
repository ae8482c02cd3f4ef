"""``notify`` of office.yml: who is told what, and how. Nothing in it is secret: addresses and passwords are in files.

An address with a token in it (a webhook, a topic of ntfy, a ping) is a secret as a whole, so that it stands in a file
of the secrets folder and is named here.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from sopwrap.models import Model, shape

Event = Literal["started", "done", "waiting", "failed", "missed"]
"""``started``: the machine begins; ``done``: the case has ended; ``waiting``: for a person; ``failed``: held or
stopped; ``missed``: what should have run did not (told by ``status --check --notify``)."""

SecretFile = Annotated[str, shape(r"^[A-Za-z0-9][\w.-]*$", "the name of a file in secrets/, without a folder")]
"""The name of a file in the office's secrets folder."""
Mailbox = Annotated[str, shape(r"^[^@\s<>,]+@[^@\s<>,]+$", "a mail address such as kepala@kantor.go.id")]


class Email(Model):
    """A mailbox and the server that takes mail for it. ``attach`` are papers, sent as PDF where the case gives them.

    ``password`` names a file in the secrets folder, ``ca`` a PEM file (seen from the office) to trust too.
    """

    to: Annotated[list[Mailbox], Field(min_length=1)]
    sender: Mailbox
    host: Annotated[str, StringConstraints(min_length=1)]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretFile | None = None
    ca: str | None = None
    attach: list[str] = []

    @model_validator(mode="after")
    def _no_password_in_the_open(self) -> Email:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.password and self.security == "none":
            raise ValueError("a password is not sent in the open: security has to be starttls or tls")
        return self


class Channel(Model):
    """One way to tell somebody; exactly one of ``email``, ``webhook``, ``apprise`` and ``ping``.

    The last three name the file of the secrets folder in which the address stands. ``when`` are the events told.
    """

    email: Email | None = None
    webhook: SecretFile | None = None
    apprise: SecretFile | None = None
    ping: SecretFile | None = None
    when: list[Event] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Channel:
        ways = [self.email, self.webhook, self.apprise, self.ping]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("has to have exactly one of email, webhook, apprise and ping")
        return self

    @property
    def kind(self) -> str:
        """The way in one word."""
        return next(name for name in ("email", "webhook", "apprise", "ping") if getattr(self, name) is not None)

    @property
    def name(self) -> str:
        """What the ledger calls it: never the address itself."""
        return f"email {', '.join(self.email.to)}" if self.email else f"{self.kind} {getattr(self, self.kind)}"

    @property
    def secret_file(self) -> str | None:
        """The file of the secrets folder it cannot do without; None for mail that needs no password."""
        return self.webhook or self.apprise or self.ping or (self.email.password if self.email else None)

    @property
    def events(self) -> tuple[str, ...]:
        """The events told: a ping wants all, people what they have to do something about."""
        if self.when is not None:
            return tuple(self.when)
        return get_args(Event) if self.ping else ("waiting", "failed", "missed")
