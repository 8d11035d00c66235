"""How long the rewriting of imports takes by itself: ``python benchmarks/rewrite.py [ROUNDS]``.

The large tree of ``moves.py`` (50 modules, some 8,000 lines) is rewritten in memory, within one process that is warm:
no start, no disk, no move. trueup is shown twice: as ``plan`` does it, where each result is parsed again and must mean
what was meant, and without that proof. The others have none. Interleaved, medians, as ratios. ``lines`` is how many
lines a tool changed; all must agree. Needs uv and PyPI (for rope, LibCST and ast-grep-py).
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock

from moves import PACKAGE, PEERS, ROOT, many, write

from trueup.model.span import splice
from trueup.text import python
from trueup.text.python_names import ModuleNames

TREE = {path: text.encode() for path, text in many().items() if path.endswith(".py")}
NAMES = sorted(path.removesuffix(".py") for path in TREE)
LINE = re.compile(rf"(?m)^([ \t]*(?:from|import)[ \t]+)({'|'.join(NAMES)})\b".encode())
FROM = re.compile(rf"^(from[ \t]+)({'|'.join(NAMES)})\b")
IMPORT = re.compile(rf"^import ({'|'.join(NAMES)})$")


def by_trueup() -> dict[str, bytes]:
    """Imports with their proof."""
    names = ModuleNames({name: f"{PACKAGE}.{name}" for name in NAMES}, frozenset(NAMES))
    found = {}
    for path, data in TREE.items():
        rewrite = python.rename_imports(data, names, module=path.removesuffix(".py"))
        found[path] = splice(data, list(rewrite.edits))
    return found


def without_proof() -> dict[str, bytes]:
    """The same, and no result looked at."""
    with mock.patch.object(python, "_wrong", return_value=""):
        return by_trueup()


def by_pattern() -> dict[str, bytes]:
    """One regular expression; ``import a`` binds another name afterwards."""
    return {path: LINE.sub(rb"\g<1>" + PACKAGE.encode() + rb".\g<2>", data) for path, data in TREE.items()}


def by_libcst() -> dict[str, bytes]:
    """RenameCommand for each module that a file names."""
    import libcst  # type: ignore[import-not-found]
    from libcst.codemod import CodemodContext  # type: ignore[import-not-found]
    from libcst.codemod.commands.rename import RenameCommand  # type: ignore[import-not-found]

    found = {}
    for path, data in TREE.items():
        tree = libcst.parse_module(data)
        for name in NAMES:
            if name.encode() in data:
                command = RenameCommand(CodemodContext(), old_name=name, new_name=f"{PACKAGE}.{name}")
                tree = command.transform_module(tree)
        found[path] = tree.bytes
    return found


def by_ast_grep() -> dict[str, bytes]:
    """Every import statement found by its kind, and edited as text."""
    from ast_grep_py import SgRoot  # type: ignore[import-not-found]

    found = {}
    for path, data in TREE.items():
        root = SgRoot(data.decode(), "python").root()
        edits = []
        for kind in ("import_statement", "import_from_statement"):
            for node in root.find_all(kind=kind):
                before = node.text()
                after = IMPORT.sub(rf"from {PACKAGE} import \g<1>", FROM.sub(rf"\g<1>{PACKAGE}.\g<2>", before))
                if after != before:
                    edits.append(node.replace(after))
        found[path] = root.commit_edits(edits).encode()
    return found


def by_rope() -> dict[str, bytes]:
    """MoveModule, once for each module; what it would write, each on the tree as it was."""
    from rope.base.project import Project  # type: ignore[import-not-found]
    from rope.refactor.move import MoveModule  # type: ignore[import-not-found]

    found = dict(TREE)
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(Path(scratch), many())
        (folder / PACKAGE).mkdir()
        (folder / PACKAGE / "__init__.py").write_text("")
        project = Project(str(folder), ropefolder=None)
        for name in NAMES:
            source = project.get_resource(f"{name}.py")
            changes = MoveModule(project, source).get_changes(project.get_resource(PACKAGE))
            for change in changes.changes:
                if hasattr(change, "new_contents") and change.resource.path in found:
                    found[change.resource.path] = change.new_contents.encode()
        project.close()
    return found


BY: dict[str, Callable[[], Mapping[str, bytes]]] = {
    "trueup": by_trueup,
    "trueup, no proof": without_proof,
    "re.sub": by_pattern,
    "ast-grep-py": by_ast_grep,
    "libcst": by_libcst,
    "rope": by_rope,
}


def changed(found: Mapping[str, bytes]) -> int:
    """How many lines are other than they were."""
    return sum(
        old != new
        for path, data in TREE.items()
        for old, new in zip(data.splitlines(), found[path].splitlines(), strict=False)
    )


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 3
    lines = {tool: changed(how()) for tool, how in BY.items()}  # warms each
    taken: dict[str, list[float]] = {tool: [] for tool in BY}
    for _ in range(rounds):
        for tool, how in BY.items():
            begun = time.perf_counter()
            how()
            taken[tool].append(time.perf_counter() - begun)
    middle = {tool: statistics.median(times) for tool, times in taken.items()}
    print(f"{'':18}{'lines':>7}{'x re.sub':>10}{'x trueup':>10}   ({rounds} rounds)")
    for tool in BY:
        line = f"{middle[tool] / middle['re.sub']:>10.1f}{middle[tool] / middle['trueup']:>10.1f}"
        print(f"{tool:18}{lines[tool]:>7}{line}")


if __name__ == "__main__":
    if "--with-peers" in sys.argv:
        sys.argv.remove("--with-peers")
        main()
    else:
        peers = [word for peer in (*PEERS, "ast-grep-py==0.39.6") for word in ("--with", peer)]
        again = ["uv", "run", "--project", str(ROOT), *peers, "python", __file__, *sys.argv[1:], "--with-peers"]
        sys.exit(subprocess.run(again, check=False).returncode)
