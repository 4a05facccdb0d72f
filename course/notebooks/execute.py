"""Run a notebook from top to bottom in a fresh kernel and keep the executed copy under build/."""

import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course.notebooks.canonical import read


def execute(path, output=None, timeout=300):
    """Execute the notebook at `path` and return it with its outputs.

    `output` is where the executed copy is written, also when a cell fails. `timeout` is seconds for one cell.
    Raises RuntimeError that names the file, the cell id and the error.
    """
    path = Path(path)
    notebook = read(path)
    # the folder of the notebook is the working folder, as in JupyterLab
    client = NotebookClient(notebook, timeout=timeout, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        failed = [cell.id for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))]
        raise RuntimeError(f"{path}: cell {failed[-1] if failed else '?'} failed\n{error}") from error
    finally:
        if output is not None:
            Path(output).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, output)
    return notebook


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
