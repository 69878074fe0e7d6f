"""One measured figure with its bound."""

from dataclasses import dataclass
from statistics import median

__all__ = ["Measured", "median"]


@dataclass(frozen=True)
class Measured:
    """What was measured, and the bound that it must keep: at most, or with `at_least` at least."""

    name: str
    value: float
    bound: float
    at_least: bool = False
    unit: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """True where the bound is kept."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        measured, bound = f"{self.value:.3g}{self.unit}", f"{sign} {self.bound:.3g}{self.unit}"
        return f"{self.name:<68} {measured:>10} {bound:>10}  {'ok' if self.ok else 'OVER':<5} {self.detail}".rstrip()
