"""What a project's environment holds, where uv is in charge of it; no judgement here."""

from __future__ import annotations

from trueup.model.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Distribution, Environment, Project

SEEDS = ("pip", "setuptools", "wheel")


def locked_environment(project: Project) -> Environment | None:
    """The environment ``.venv`` of a project that ``uv.lock`` fixes; ``None`` where either cannot be relied on."""
    lock = project.lock
    if lock is None or lock.pending or lock.error:
        return None
    found = project.environment
    return found if found and not found.broken and not found.system_site and found.path == ".venv" else None


def foreign(project: Project, environment: Environment) -> list[Distribution]:
    """What is installed but for the project itself and what makers of environments put there."""
    own = {normal(project.name), *SEEDS}
    return [item for item in environment.distributions if item.name not in own]
