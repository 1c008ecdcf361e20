"""Jobs: the computing of a plan takes longer than a page may."""

from django_tasks import task

from contracts.services import solve_run


@task()
def solve(code: str) -> str:
    """Solve a plan in the background; the plan's state says how far it is."""
    return solve_run(code=code).output_hash
