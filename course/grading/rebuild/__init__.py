"""What was handed in, and the notebook that is graded made of it.

In the order a submission goes through: `salvage` (with `scan` and `tidy`) reads a file however broken it is, `released`
knows what students got, `match` finds which cell is which, `versions` chooses among several answers, `submission` puts
them into the instructor's notebook.
"""
