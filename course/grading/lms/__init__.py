"""Marks on their way to a learning management system: `export` writes them, from `people` of the gradebook, into a file
of its own or into one that the system has exported (`merge`); `spreadsheet` reads and writes such files.
"""
