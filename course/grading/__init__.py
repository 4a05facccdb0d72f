"""The instructor's side: hidden cases, the sample class and the evening of grading. Students do not get this folder."""
