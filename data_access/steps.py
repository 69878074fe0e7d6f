"""What long work tells of itself while it goes on."""

from collections.abc import Callable

# What is being done and how much of it is, 0 to 1; raises ImportCancelled to stop it.
Step = Callable[[str, float], None]


def silent(_what: str, _done: float) -> None:
    """A Step that nobody listens to."""
