"""The page about a graded class: `findings` are its numbers, `answers` and `similarity` say who wrote the same, and
`page` with `page.html` draws it.
"""
