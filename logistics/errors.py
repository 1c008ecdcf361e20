"""What can go wrong between the scale and the door; every sentence is for the person there.

PlatformError
├── BadInput
│   └── Unbalanced      a process step's grams in are not its grams out and lost
└── NotEnoughGrams  fewer usable grams lie here than are to be taken
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import BadInput, PlatformError
from core.templatetags.shanhuo import kg


class Unbalanced(BadInput):
    """Grams in are not grams out and lost."""

    def __init__(self, *, input_g: int, output_g: int, loss_g: int) -> None:
        text = _("投入 %(into)s，产出 %(out)s，损耗 %(loss)s，加起来对不上。")
        facts = {"into": kg(input_g), "out": kg(output_g), "loss": kg(loss_g)}
        super().__init__(text % facts, field="loss")
        self.input_g = input_g
        self.output_g = output_g
        self.loss_g = loss_g


@dataclass(frozen=True)
class GramsShort:
    """One thing of which too few usable grams lie here."""

    what: str
    wanted_g: int
    left_g: int

    def __str__(self) -> str:
        text = _("%(what)s要 %(wanted)s，能用的只有 %(left)s")
        return text % {"what": self.what, "wanted": kg(self.wanted_g), "left": kg(self.left_g)}


class NotEnoughGrams(PlatformError):
    """Too few usable grams; every shortage is named at once."""

    def __init__(self, shortages: Sequence[GramsShort]) -> None:
        super().__init__(_("%s。一克都没有动。") % _("；").join(str(one) for one in shortages))
        self.shortages = tuple(shortages)
