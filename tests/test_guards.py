"""Rules of the house that no single module can keep: who may import whom, what stays light, what must agree."""

from __future__ import annotations

import ast
import fnmatch
import importlib
import re
import shlex
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from qa.cli.main import main

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "embeddings", "prompts", "qa")
MAY_IMPORT = {
    "corpus": {"corpus"},
    "embeddings": {"embeddings", "corpus"},
    "prompts": {"prompts"},
    "qa": {"qa", "embeddings", "corpus", "prompts"},
}
# The rooms of qa/ and what each may know of the others; a room's modules know each other, and every room `qa.answer`
# and `qa.settings`. Those above the answerer are its faces; `training` makes what answers, and nothing else knows it.
ROOMS: dict[str, set[str]] = {
    "questions": set(),
    "checking": {"questions"},
    "reading": {"questions", "checking"},
    "language_models": set(),
    "writing": {"questions", "checking", "reading", "language_models"},
    "answerer": {"questions", "checking", "reading", "writing"},
    "library": {"reading"},
    "asking": {"answerer", "library", "questions"},
    "observing": set(),
}
BELOW_THE_FACES = {*ROOMS, "answer", "settings"}
ROOMS["evaluation"] = BELOW_THE_FACES
ROOMS["bench"] = BELOW_THE_FACES
ROOMS["web"] = BELOW_THE_FACES | {"evaluation"}
ROOMS["cli"] = BELOW_THE_FACES | {"evaluation", "bench", "web"}
ROOMS["training"] = {"questions", "checking", "reading", "writing", "evaluation"}
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "jieba", "rjieba"}
HEAVY |= {
    "opencc",
    "tantivy",
    "trafilatura",
    "docx",
    "openpyxl",
    "pypdfium2",
    "onnxruntime",
    "onnx",
    "python_calamine",
    "rapidocr",
    "PIL",
    "lxml",
    "scipy",
    "sklearn",
    "pandas",
    "pymilvus",
}
# A network as torch trains it is a class of torch's; only these know it, and nothing that answers does.
TORCH_NETWORK = {f"qa/training/{name}.py" for name in ("fit", "export", "model")}
WITHOUT_NUMPY = (
    "corpus",
    "prompts",
    "qa",
    "qa.answer",
    "qa.cli.main",
    "qa.cli.app",
    "qa.settings",
    "qa.cli.answers",
    "qa.cli.terminal",
)
# What is imported under another name than it is installed under, and what comes along with something declared.
INSTALLED_AS = {"faiss": "faiss-cpu", "sentence_transformers": "sentence-transformers", "PIL": "pillow"}
INSTALLED_AS |= {"python_calamine": "python-calamine", "docx": "python-docx"}
COMES_WITH = {"scipy": "sentence-transformers", "huggingface_hub": "transformers", "safetensors": "transformers"}
COMES_WITH |= dict.fromkeys(("anyio", "fastapi", "pydantic", "starlette", "uvicorn"), "gradio")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def tracked_files() -> tuple[Path, ...]:
    """What git knows, or every file of a source tree without git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Full names of what a module imports; with `top_level`, only of what happens when it is imported itself."""
    pending: list[ast.AST] = [parsed(path)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            yield node.module or ""
        elif top_level and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        elif top_level and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending += node.orelse
            continue
        pending += ast.iter_child_nodes(node)


def requirements() -> set[str]:
    """Names of all distributions that pyproject.toml asks for, extras too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {re.split(r"[^\w.-]", requirement)[0].lower() for group in groups for requirement in group}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_follow_the_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imports(path)} & set(PACKAGES)
    assert ours <= MAY_IMPORT[package]


def test_rooms_know_only_what_stands_below_them() -> None:
    """The arrows inside qa/. Its face and `python -m qa` may name everything; nothing else is at its root."""
    values = {"answer", "settings"}
    at_the_root = {path.stem for path in (ROOT / "qa").glob("*.py")}
    assert at_the_root == {"__init__", "__main__", "answerer", "asking", *values}
    for path in MODULES:
        package, room, *_ = *path.relative_to(ROOT).with_suffix("").parts, ""
        if package == "qa" and room not in ("__init__", "__main__"):
            known = {name.split(".")[1] for name in imports(path) if name.startswith("qa.")}
            allowed = {room} | (values if room in ROOMS else set()) | ROOMS.get(room, set())
            assert known <= allowed, f"{named(path)} knows {sorted(known - allowed)}"


def test_no_module_knows_one_that_knows_it() -> None:
    """No circles, not even through imports inside functions, but for the packages' faces."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in MODULES}
    known = {name: _modules_known(path, names) for name, path in names.items()}
    while leaves := [name for name, others in known.items() if not others & known.keys()]:
        for name in leaves:
            del known[name]
    assert known == {}


def _modules_known(path: Path, names: Mapping[str, Path]) -> set[str]:
    """The modules of ours that `path` imports anywhere, by the names they are imported from."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & names.keys()
            found |= inside or {node.module or ""} & names.keys()
    return found


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    heavy = {name.split(".")[0] for name in imports(path, top_level=True)} & HEAVY
    assert heavy <= ({"torch", "transformers", "onnx", "onnxruntime"} if named(path) in TORCH_NETWORK else set())
    if named(path) not in TORCH_NETWORK | {"qa/training/reader.py"}:
        assert not {f"{name.replace('.', '/')}.py" for name in imports(path)} & TORCH_NETWORK


def test_what_is_imported_is_declared() -> None:
    declared = requirements()
    foreign = {name.split(".")[0] for path in MODULES for name in imports(path)}
    foreign -= {*sys.stdlib_module_names, *PACKAGES}
    assert {COMES_WITH.get(name, INSTALLED_AS.get(name, name)) for name in foreign} <= declared


@pytest.mark.parametrize(
    "statement", ["import qa", "import qa.cli.main", "from qa.cli.main import main; main(['ask', '--help'])"]
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    program = (
        f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(result.stderr.split())
    assert "corpus" in loaded
    assert not loaded & (HEAVY | {"numpy"})


@pytest.mark.parametrize("name", WITHOUT_NUMPY)
def test_numpy_stays_out_of_where_it_is_not_needed(name: str) -> None:
    program = f"import sys, {name}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
def test_a_question_from_the_shell_loads_only_what_answers_it(sample: object) -> None:
    program = (
        "import sys; from qa.cli.main import main; code = main(['ask', '商都路街道有多少名党员？'])\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr); sys.exit(code)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr
    assert not set(result.stderr.split()) & {"torch", "gradio", "transformers", "sentence_transformers", "pandas"}


def test_every_file_that_a_package_needs_is_shipped() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert {pattern.rstrip("*") for pattern in tool["packages"]["find"]["include"]} == set(PACKAGES)
    folders = {path.parent for path in MODULES if path.name == "__init__.py"}
    packages = {path: tool["package-data"].get(named(path).replace("/", "."), []) for path in folders}
    for path in tracked_files():
        inside = path.relative_to(ROOT)
        # What is to be read and seen of a room is where the repository is; cards and licences go with the weights.
        seen = (path.parent in packages and path.suffix == ".md") or "pictures" in inside.parts
        if inside.parts[0] not in PACKAGES or seen:
            continue
        owner = next(folder for folder in path.parents if folder in packages)
        if path.suffix == ".py":
            assert path.parent == owner, f"{inside} is in no package that is installed"
        else:
            assert any(_matches(path.relative_to(owner), p) for p in packages[owner]), (
                f"{inside} would not be installed"
            )


def _matches(path: Path, pattern: str) -> bool:
    parts = pattern.split("/")
    return len(parts) == len(path.parts) and all(map(fnmatch.fnmatch, path.parts, parts))


def test_tests_are_flat() -> None:
    # A folder tests/qa would hide the package qa.
    assert [path for path in (ROOT / "tests").rglob("*.py") if path.parent != ROOT / "tests"] == []


@pytest.mark.parametrize("name", [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES])
def test_exported_names_exist(name: str) -> None:
    module_name = name.removesuffix(".__init__")
    if module_name.endswith("__main__"):
        pytest.skip("it runs the program")
    module = importlib.import_module(module_name)
    for exported in getattr(module, "__all__", ()):
        assert hasattr(module, exported)


@pytest.mark.parametrize("face", ["corpus", "embeddings", "qa"])
def test_a_package_hands_out_what_it_names_and_names_what_it_hands_out(face: str) -> None:
    package = importlib.import_module(face)
    assert list(package.__all__) == sorted(set(package.__all__))
    later = getattr(package, "_LATER", {})
    assert later.keys() <= set(package.__all__)
    everything: dict[str, object] = {}
    exec(f"from {face} import *", everything)
    assert everything.keys() - {"__builtins__"} == set(package.__all__)


def test_what_is_checked_before_a_commit_is_what_make_runs() -> None:
    hooks = re.findall(r"entry: \.venv/bin/(.*)", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe
    assert [line.removesuffix(" .") for line in re.findall(r"\$\(BIN\)/(.*)", recipe[1])] == hooks


def test_modules_say_what_they_know() -> None:
    for path in MODULES:
        assert ast.get_docstring(parsed(path)), f"{path} has no header"


def test_prompts_have_named_fields_only() -> None:
    for path in (ROOT / "prompts").glob("*.txt"):
        fields = [field for _, field, _, _ in string.Formatter().parse(path.read_text(encoding="utf-8"))]
        assert all(field is None or field.isidentifier() for field in fields), path


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    # Put together here, so that this file does not name one itself.
    places = [f"/{top}/".encode() for top in ("root", "home", "Users", "work")]
    allowed = re.compile(rb"https?://\S+|[\w.\-}\])~>]+/(?:root|home|Users|work)/")
    for path in tracked_files():
        content = allowed.sub(b"", path.read_bytes())
        assert not any(place in content for place in places), path


def readme() -> str:
    path = ROOT / "README.md"
    if not path.is_file():
        pytest.skip("there is no README.md")
    return path.read_text(encoding="utf-8")


def pages() -> list[Path]:
    """The front page and those of the rooms."""
    return [path for path in tracked_files() if path.name in ("README.md", "CONTRIBUTING.md")]


@pytest.mark.parametrize("page", pages(), ids=named)
def test_commands_of_the_pages_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    typed = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    for words in typed:
        rest = words[1:] if words[:1] == ["wenju"] else words[3:] if words[:3] == ["python", "-m", "qa"] else None
        if rest is None:
            continue
        command = (
            rest[: 2 if rest[:1] in (["articles"], ["models"], ["users"]) else 1]
            if rest and not rest[0].startswith("-")
            else []
        )
        assert main([*command, "--help"]) == 0, words
        shown = capsys.readouterr().out
        for option in (word.split("=")[0] for word in rest if word.startswith("--")):
            assert option in shown or option in ("--lang", "--help"), words
    targets = {words[1] for words in typed if words[:1] == ["make"] and len(words) > 1}
    assert targets <= set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_front_page_can_be_read_at_once() -> None:
    """Chinese first, an English summary of at most 30 lines at the end, 150 lines in all."""
    chinese, _, english = readme().partition("## In English\n")
    assert len(readme().splitlines()) <= 150 and len(english.splitlines()) <= 30
    assert len(re.findall("[\u4e00-\u9fff]", chinese)) > 1000


def test_pages_lead_to_what_is_there() -> None:
    for page in (path for path in tracked_files() if path.suffix == ".md"):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{named(page)} leads to {target}"


@pytest.mark.parametrize("page", pages(), ids=named)
def test_what_the_pages_import_exists(page: Path) -> None:
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for module, names in re.findall(
            r"^from ((?:corpus|embeddings|qa|prompts)[\w.]*) import (.*)$", block, re.MULTILINE
        ):
            found = importlib.import_module(module)
            assert all(hasattr(found, name.strip()) for name in names.split(",")), f"{named(page)}: {module}"


def test_tests_that_the_pages_name_are_there() -> None:
    for page in pages():
        for file, name in re.findall(r"`(?:tests/)?(test_\w+\.py)::(\w+)`", page.read_text(encoding="utf-8")):
            assert re.search(rf"def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8")), f"{file}::{name}"


def test_modules_that_docstrings_name_are_there() -> None:
    there = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES}
    rooms = {name.rpartition(".")[0] for name in there}
    for path in MODULES:
        for name in re.findall(
            r"`((?:corpus|embeddings|qa|prompts)(?:\.[a-z_]+)+)", ast.get_docstring(parsed(path)) or ""
        ):
            assert name in there | rooms or name.rpartition(".")[0] in there, f"{named(path)} names {name}"


@pytest.mark.slow
def test_the_python_of_the_readme_prints_what_the_readme_says() -> None:
    shown = re.search(r"^```python\n(.*?)^```\n\n^```\n(.*?)^```", readme(), re.MULTILINE | re.DOTALL)
    assert shown, "no python block with its output"
    ran = subprocess.run([sys.executable, "-c", shown[1]], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert ran.stdout == shown[2]


def test_no_two_versions_of_one_package_are_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pin) == 2 and "+" not in pin[1] for pin in pins)
    names = [re.sub(r"[-_.]+", "-", name).lower() for name, _ in pins]
    assert len(names) == len(set(names))
    assert requirements() <= set(names)
