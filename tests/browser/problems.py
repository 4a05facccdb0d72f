"""What the browser's console said that is ours to mend."""

# Chromium says these about JupyterLab itself; nothing here comes from our files
KNOWN = ["favicon", "ResizeObserver loop", "status of 404", "status of 403"]


def ours(page):
    """Errors of the page's console, without those of JupyterLab."""
    return [problem for problem in page.problems if not any(known in problem for known in KNOWN)]
