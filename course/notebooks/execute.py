"""Run a notebook from top to bottom in a fresh kernel and keep the executed copy under build/."""

import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course.notebooks.canonical import is_test, read

AFTER = "after-the-last-cell"  # id of the cell that holds the code `after`


def execute(path, output=None, timeout=300, after=None):
    """Execute the notebook at `path` and return it with its outputs.

    `output` is where the executed copy is written, also when a cell fails. `timeout` is seconds for one cell.
    `after` is code that looks at what the cells have made: one more cell at the end of the copy.
    Raises RuntimeError that names the file, the cell id and the error; for test cells, which stop nothing, at the end.
    """
    path = Path(path)
    notebook = read(path)
    if after is not None:
        notebook.cells.append(nbformat.v4.new_code_cell(after, id=AFTER))
    running = "before the first cell"

    def started(cell, cell_index):
        nonlocal running
        running = f"cell {cell.get('id', cell_index)}"

    # the folder of the notebook is the working folder, as in JupyterLab
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=timeout, resources=place, on_cell_execute=started)
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise RuntimeError(f"{path}: {running} failed\n{error}") from error
    finally:
        if output is not None:
            Path(output).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, output)
    failed = {cell.id: said for cell in notebook.cells if is_test(cell) for said in _errors(cell)}
    if failed:
        raise RuntimeError(f"{path}: cell {', cell '.join(failed)} failed\n" + "\n".join(failed.values()))
    return notebook


def _errors(cell):
    """What the errors in a cell's outputs say; that of a check is its whole report."""
    return [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]


def execute_all(paths, folder="build/executed"):
    """Execute several notebooks, one line each with the time it took. Returns the paths of the executed copies."""
    written = []
    for path in map(Path, paths):
        started = time.perf_counter()
        written.append(Path(folder) / path.name)
        print(f"{path} ...", end=" ", flush=True)
        execute(path, written[-1])
        print(f"{time.perf_counter() - started:.0f} s -> {written[-1]}")
    return written
