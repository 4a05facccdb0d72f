"""A class of submissions: `folder` knows where they lie, `job` what is to be done, `pool` and `worker` do it side by
side, `records` and `gradebook` keep the marks. `batch` is `course grade`; `evening` plays it on the sample class.
"""
