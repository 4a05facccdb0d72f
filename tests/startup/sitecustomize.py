"""Every Python that a test run starts begins here, since `tests/conftest.py` puts this folder into PYTHONPATH.

jsonschema, below nbformat, builds 38 grammars at its import to know what an IRI is: a second of each nbgrader,
JupyterLab and pytest. Nothing here asks that, and it does without.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
