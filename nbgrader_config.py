"""Settings of nbgrader for this course. No logic here: folders, limits, and what students may see."""

c = get_config()  # noqa: F821  (nbgrader defines it)

# where things are: sources are edited by hand, the release is generated and committed, the rest is work in progress
c.CourseDirectory.course_id = "deep-learning"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "build/submitted"
c.CourseDirectory.autograded_directory = "build/autograded"
c.CourseDirectory.feedback_directory = "build/feedback"
c.CourseDirectory.solution_directory = "build/solution"
c.CourseDirectory.db_url = "sqlite:///build/gradebook.db"

# nbgrader copies every file that lies beside a notebook to the students; these never go
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "*.md", "*.txt", "*.html", "*.log", "feedback", ".*",
]  # fmt: skip

# where release and collect exchange files: a folder of this checkout, since /usr/local/share is usually not writable.
# It must exist (`make lab` makes it); on a shared server put the absolute path of a folder that all can write here.
c.Exchange.root = "build/exchange"

# a stub keeps its own `raise NotImplementedError("Question ...")`, so that it names its task
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# a cell may take a minute; on a loaded machine the first output of a kernel may take longer than the default 4 s
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.iopub_timeout = 60
c.ExecutePreprocessor.startup_timeout = 120

# cells that a student deleted come back from the source, so that they are marked 0 and not left out
c.OverwriteCells.add_missing_cells = True
