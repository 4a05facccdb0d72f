"""The table of all hostile submissions, by name."""

from tests.grading.hostile import breaking, counting, files, fooling, page, protocol, reading

MODULES = (fooling, reading, breaking, counting, protocol, page, files)
ATTACKS = {name: attack for module in MODULES for name, attack in module.ATTACKS.items()}
assert len(ATTACKS) == sum(len(module.ATTACKS) for module in MODULES), "two attacks have the same name"

# what the instructor is told that they tried; not every attack can be seen
SEEN = (
    dict.fromkeys(("import_torch",), "imported torch")
    | dict.fromkeys(("import_nn", "read_hidden_tests", "call_hidden_tests"),
                    "imported a part of the course that is not there: nn, reference, grading")
    | dict.fromkeys(("read_decoy_module", "read_relative", "read_source", "read_other_submission", "read_gradebook",
                     "write_gradebook", "read_proc", "read_memory", "write_outside", "hard_link", "symlink"),
                    "opened a file outside of its own folders")
    | dict.fromkeys(("loopback",), "reached for the network")  # others fail before a name or a host is said
    | dict.fromkeys(("open_files", "shell_commands", "fork_bomb", "child_left", "memory_of_children"),
                    "started another process")
    | dict.fromkeys(("stop_itself", "kill_everything", "stopped_when_asked"), "sent a signal to a process")
    | dict.fromkeys(("segmentation_fault",), "called C functions by itself")
    | dict.fromkeys(("gc",), "searched the memory of the program")
    | dict.fromkeys(("settrace", "setprofile"), "traced the program")
    | dict.fromkeys(("forged_reply", "garbage", "pickled", "giant_length", "lying_array", "forged_status"),
                    "sent replies that no answer can give")
)  # fmt: skip

# what depends on who grades: root takes a user of its own for the student's process, anybody else a user namespace.
# Files and other processes are reached, or not, by the user's rights; processes are counted by user; processes that
# live on, or must be ended from outside, are signalled by user. What only fools the tests, breaks a limit of one
# process or writes into the line does not ask who the user is.
BY_USER = (*reading.ATTACKS, *counting.ATTACKS, "memory_of_children", "fork_bomb", "fork_without_end", "thread_bomb",
           "cpu_of_children", "loop_without_alarm", "million_files", "large_file", "stop_itself", "kill_everything",
           "child_left", "daemon_left", "child_of_a_call", "threads_left", "stopped_when_asked", "forged_status")
assert set(BY_USER) <= set(ATTACKS)
