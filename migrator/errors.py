"""The base of every refusal. A refusal is a sentence for the person who asked; each room defines its own below this."""


class DomainError(Exception):
    """A refusal in plain words: what is wrong and what to do. The message is shown to the person as it is.

    Doors turn it into an answer (a 409 page with the form kept, an API problem, a line on standard error);
    nothing that was attempted is kept.
    """


class NotFound(DomainError):
    """The thing does not exist, or does not belong to the one who asks; the two are never told apart."""


class StaleEdit(DomainError):
    """Somebody else changed the same thing since this page was opened."""
