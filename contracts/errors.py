"""What can go wrong with plans and contracts."""

from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed


class PlanOpenAlready(NotAllowed):
    """The area's households or demand are in another open plan."""

    def __init__(self, *, code: str) -> None:
        super().__init__(
            _("方案 %(code)s 还没有结束。同一户、同一份需求只能在一个没结束的方案里。")
            % {"code": code}
        )
        self.code = code


class NothingToPlan(BadInput):
    """There is no demand with a price, or no household that can deliver."""


class NothingToExport(NotAllowed):
    """The plan has not been computed, so it has no files."""

    def __init__(self) -> None:
        super().__init__(_("这个方案还没算，没有能导出的。"))


class WrongState(NotAllowed):
    """The step does not follow from the state."""

    def __init__(self, *, code: str, state: str) -> None:
        text = _("%(code)s 现在是“%(state)s”，做不了这一步。")
        super().__init__(text % {"code": code, "state": state})
        self.code = code
        self.state = state


class NeedsAnotherPerson(NotAllowed):
    """Whoever proposed a plan cannot approve it."""

    def __init__(self, *, code: str) -> None:
        super().__init__(_("%(code)s 是你提交的，要由另一位同事审批。") % {"code": code})
        self.code = code


class NotYourTask(NotAllowed):
    """The person holds no role for this step."""

    def __init__(self) -> None:
        super().__init__(_("这一步不归你做。"))


class ConsentMissing(BadInput):
    """A helper answers for a household without saying how it agreed."""

    def __init__(self) -> None:
        text = _("替农户答复，要写明他是怎么同意的，比如“9月2日在家当面说好”。")
        super().__init__(text, field="consent_note")
