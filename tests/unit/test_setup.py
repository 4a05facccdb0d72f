"""Three files name packages: pyproject.toml decides, environment.yml and constraints.txt must agree with it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
CONDA_NAMES = {"torch": "pytorch", "playwright": "playwright-python"}  # where conda-forge has another name
ONLY_CONDA = {"python", "pip"}  # pip installs the course itself


@pytest.fixture(scope="module")
def project():
    """The [project] table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def bounds(lines):
    """Return {name: specifier} of requirement lines."""
    requirements = [Requirement(line) for line in lines]
    assert len({requirement.name for requirement in requirements}) == len(requirements), "a package stands twice"
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def pins(text):
    """Return {name: version} of a constraints file; ValueError names a line that is more than name==version."""
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.!]*)", line)
        if not match:
            raise ValueError(f"expected name==version, found {line!r}")
        name = canonicalize_name(match[1])
        if name in found:
            raise ValueError(f"{name} stands twice")
        found[name] = Version(match[2])
    return found


def test_environment_has_the_packages_of_pyproject(project):
    """Does conda install the same packages, runtime and test, with the same lower bounds?"""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    conda = [line for line in environment["dependencies"] if isinstance(line, str)]
    pip = [line for item in environment["dependencies"] if isinstance(item, dict) for line in item["pip"]]
    assert "-e ." in pip, "a student's image needs the course itself"
    found = bounds(conda + [line for line in pip if line != "-e ."])
    assert str(found["python"]) == project["requires-python"]
    want = bounds(project["dependencies"] + project["optional-dependencies"]["test"])
    want = {CONDA_NAMES.get(name, name): specifier for name, specifier in want.items()}
    assert {name: specifier for name, specifier in found.items() if name not in ONLY_CONDA} == want


def test_dependencies_have_a_lower_bound_and_no_other(project):
    """Is every dependency free to grow? Exact versions stand in constraints.txt."""
    for name, specifier in bounds(project["dependencies"] + project["optional-dependencies"]["test"]).items():
        assert [clause.operator for clause in specifier] == [">="], name


def test_constraints_satisfy_pyproject(project):
    """Is every dependency, runtime and test, there in a version that its bound allows?"""
    versions = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    wanted = bounds(project["dependencies"] + project["optional-dependencies"]["test"])
    assert sorted(set(wanted) - set(versions)) == []
    assert {name: str(versions[name]) for name in wanted if versions[name] not in wanted[name]} == {}


@pytest.mark.parametrize(
    "line",
    ["numpy>=2", "numpy", "-e .", "numpy==2.0 ; python_version > '3'", "--index-url https://example.org/simple",
     "numpy @ https://example.org/numpy.whl", "torch==2.4.0+cpu", "numpy==2.0\nNumPy==2.1", ""],
)  # fmt: skip
def test_constraints_with_more_than_versions_are_refused(line):
    """Is an address, an option, a range, a local build or a second version noticed?"""
    assert pins("numpy==2.0") == {"numpy": Version("2.0")}
    with pytest.raises(ValueError):
        pins(line + "\n")
