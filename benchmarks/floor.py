"""The least that grading can take: answers and tests alone, in one warm process, without sandbox, protocol, or storage.

    python benchmarks/floor.py COURSE_FOLDER ASSIGNMENT

Prints one line of JSON: submissions, wall and CPU seconds of all of them together, and {student: points}.
"""

import contextlib
import io
import json
import resource
import sys
import time
from pathlib import Path

import nbformat


def main(folder, assignment):
    """Execute every submission in its own namespace; the first one once more beforehand, so that all is imported."""
    import torch

    torch.set_num_threads(1)  # as a worker does
    source = nbformat.read(folder / "solutions" / assignment / f"{assignment}.ipynb", 4)
    paths = sorted((folder / "build/submitted").glob(f"*/{assignment}/*.ipynb"))
    texts = {path.parts[-3]: path.read_text(encoding="utf-8") for path in paths}
    execute(source, next(iter(texts.values())))
    before, started = cpu_seconds(), time.perf_counter()
    points = {student: execute(source, text) for student, text in texts.items()}
    wall, cpu = time.perf_counter() - started, cpu_seconds() - before
    print(json.dumps({"submissions": len(texts), "wall": wall, "cpu": cpu, "points": points}))


def execute(source, text):
    """Run the setup cells and tests of the source and the answers of a submission. Returns {test cell: points}."""
    from course.checks import collect
    from course.grading.run.runner import is_test, score

    answers = {cell.metadata.nbgrader.grade_id: cell.source for cell in nbformat.reads(text, 4).cells
               if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")}  # fmt: skip
    namespace, points = {"__name__": "__main__"}, {}
    for cell in source.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        name = nbgrader.get("grade_id", "")
        with contextlib.redirect_stdout(io.StringIO()):
            if cell.cell_type == "code" and is_test(nbgrader):
                with collect() as records:
                    reason = run(cell.source, namespace)
                points[name] = score(records, float(nbgrader["points"]), reason)
            elif name in answers or (cell.cell_type == "code" and name.startswith("setup")):
                run(answers.get(name, cell.source), namespace)
    return points


def run(code, namespace):
    """Run a cell. Returns what went wrong, or ""."""
    try:
        exec(compile(code, "cell", "exec"), namespace)
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


def cpu_seconds():
    """CPU seconds that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
