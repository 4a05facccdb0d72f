"""nbgrader as it comes: only the folders of the course, and a longer wait for a loaded machine."""

c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "build/submitted"
c.CourseDirectory.autograded_directory = "build/autograded"
c.CourseDirectory.db_url = "sqlite:///build/gradebook.db"
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.iopub_timeout = 60
