"""The instructor's side: hidden cases, the sample class and the evening of grading. Students do not get this folder."""

import sys

# jsonschema, below nbformat, builds 38 grammars at its import to know what an IRI is: 1.4 s in each process. Nothing
# here asks that, and it does without.
sys.modules.setdefault("rfc3987_syntax", None)
