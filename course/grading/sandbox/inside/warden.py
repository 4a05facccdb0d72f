"""Process 1 of a submission: starts the student's process, adds up what all its processes use, ends them together.

When process 1 of a pid namespace ends, the kernel kills every process in it: nothing of a submission is left behind.
It runs trusted code only. The student's process cannot trace it, and a signal to it does nothing but end them both.
"""

import os
import signal
import time

FINISHED, BROKEN, MEMORY, CPU, WALL, TOLD = 0, 70, 71, 72, 73, 74
REASONS = {
    FINISHED: "", BROKEN: "the sandbox could not be set up", MEMORY: "memory", CPU: "cpu time", WALL: "wall time",
    TOLD: "killed",
}  # fmt: skip
INTERVAL = 0.05  # seconds between two looks; a process can fill about 0.2 GB in that time
AT_ONCE = 100  # orphans that are waited for between two looks


def watch(session, seen, limits, left, options, modules):
    """Fork the student's process and watch it until it ends or a limit is reached. Returns an exit status.

    session, seen: file descriptors of its socket and of the pipe of attempts.py. left: {"cpu": ..., "wall": ...}
    seconds that it may still use of its `limits`. modules: those of this package, which the zygote has imported.
    """
    confine, system = modules.confine, modules.system
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # an ordinary user's student is the same user
    if options["jail"]:
        system.unshare(system.CLONE_NEWNS | system.CLONE_NEWIPC)
        proc = confine.private_files(limits)
    else:
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends with the zygote
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    student = os.fork()
    if student == 0:
        try:
            _become_student(session, seen, limits, options, modules)
        finally:
            os._exit(BROKEN)
    os.close(session)
    os.close(seen)

    def signal_all(number):
        _signal_all(options, student, number)

    accounts = modules.accounts.Accounts(proc, signal_all, None if options["jail"] else student)
    status = _watch(accounts, student, limits, left)
    _end_all(signal_all)
    return status


def _watch(accounts, student, limits, left):
    """Look until something ends it. Returns the exit status that says what."""
    end = time.monotonic() + left["wall"]
    while True:
        seen = _event()
        if seen is not None and seen.si_signo == signal.SIGTERM:
            return TOLD
        for _ in range(AT_ONCE):
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == student:
                return FINISHED
            if pid == 0:
                break
        if accounts.memory(limits["memory"], limits["open_files"]) > limits["memory"]:
            return MEMORY
        if accounts.cpu(left["cpu"]) > left["cpu"]:
            return CPU
        if time.monotonic() > end:
            return WALL


def _event():
    """Wait until it is time to look, or a child has ended, or we are told to end. Returns the signal, or None."""
    end = time.monotonic() + INTERVAL
    while True:
        seen = signal.sigtimedwait([signal.SIGCHLD, signal.SIGTERM], max(0, end - time.monotonic()))
        # accounts stop children and let them go on, which is no reason to look again at once
        if seen is None or seen.si_signo == signal.SIGTERM or seen.si_code not in (os.CLD_STOPPED, os.CLD_CONTINUED):
            return seen


def _become_student(session, seen, limits, options, modules):
    confine, system = modules.confine, modules.system
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    session, seen = confine.keep_only(session, seen)
    confine.set_limits(limits, options["mapped"])
    if options["jail"]:
        confine.give_up_rights(options["uid"])
        os.chdir(confine.HOME)
    else:
        os.setsid()
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends with the warden
        os.chdir(options["home"])
    modules.attempts.watch(seen, options["folders"])
    modules.server.serve_fd(session)
    os._exit(0)


def _signal_all(options, student, number):
    """Send a signal to every process."""
    try:
        if options["jail"]:
            assert os.getpid() == 1  # of this namespace: -1 is everybody else in it
            os.kill(-1, number)
        else:  # the session that the student's process leads; who has left it lives on
            os.killpg(student, number)
    except ProcessLookupError:
        pass


def _end_all(signal_all):
    """Kill every process and wait for it: the CPU time of one that nobody waited for would be lost."""
    signal_all(signal.SIGKILL)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
