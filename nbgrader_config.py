"""Settings of nbgrader for this course: folders, limits, and what students may see."""

from course.grading.feedback import TEMPLATES

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
    ".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "*.md", "*.html", "*.log", "feedback", ".*",
]  # fmt: skip
# Nor does a .txt. But two of them nbgrader writes itself, and needs from submission to feedback. A pattern cannot say
# "all but these": so here is one for every letter at which a name can part from theirs.
own = ("timestamp.txt", "submission_secret.txt")
next_letters = {name[:i]: {other[i] for other in own if other.startswith(name[:i])} for name in own
                for i in range(len(name))}  # fmt: skip
c.CourseDirectory.ignore += ["*.txt?*", *(f"{begin}[!{''.join(sorted(letters))}]*txt"
                                          for begin, letters in next_letters.items())]  # fmt: skip

# where release and collect exchange files: a folder of this checkout, since /usr/local/share is usually not writable.
# It must exist (`make lab` makes it); on a shared server put the absolute path of a folder that all can write here.
c.Exchange.root = "build/exchange"
# everybody writes there: what one student has put there stops no other, and a link in it is not followed
c.ExchangeFactory.collect = "course.grading.classroom.exchange.Collect"
c.ExchangeFactory.release_feedback = "course.grading.classroom.exchange.ReleaseFeedback"

# a stub keeps its own `raise NotImplementedError("Question ...")`, so that it names its task
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# The trust line (docs/grading.md): a submission is rebuilt and run in a sandbox by a worker process, and its tests run
# where its code is not. What nbgrader does afterwards is to save the marks.
c.Autograde.exporter_class = "course.grading.plugin.SandboxedExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "course.grading.plugin.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# limits of one submission; the names and what else can be set are in course/grading/sandbox/limits.py
c.SandboxedExporter.limits = {"cell_seconds": 60, "wall_seconds": 300}
# Hidden cases are drawn from the secret in this file, which git does not take along; `course secret` makes it. Without
# it they are those that every reader of the repository has.
c.SandboxedExporter.secret_file = "course_secret"
# Without bubblewrap nothing is graded. True grades all the same, in a process that can read whatever you can.
c.SandboxedExporter.allow_weak = False

# The page that a student gets back says what each question is called and what is not yet read. Formulas, there and in
# formgrader, are drawn by the browser itself: nothing comes from the network.
c.GenerateFeedback.exporter_class = "course.grading.feedback.exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "course.grading.feedback.exporter.Grades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.HTMLExporter.filters = {"markdown2html": "course.grading.feedback.markdown2html"}
c.HTMLExporter.extra_template_basedirs = TEMPLATES
# Formgrader shows the rubric of a written answer above it; the student's page never does.
c.HTMLExporter.preprocessors = ["course.grading.report.rubric.ShowRubric"]
