"""What runs in the sandbox, and the codec that both sides share: standard library, NumPy and IPython only.

The folder is mounted into the sandbox on its own, where its name is `inside`; it imports nothing else of the course.
"""
