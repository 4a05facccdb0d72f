"""JupyterLab opens on the lectures, if it is started in the folder of the course; elsewhere it opens as always."""

from pathlib import Path

c = get_config()  # noqa: F821  (Jupyter defines it)

if Path("lectures").is_dir():
    c.LabApp.default_url = "/lab/tree/lectures"
