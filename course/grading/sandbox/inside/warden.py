"""Process 1 of a submission: starts the student's process, adds up what all its processes use, ends them together.

When process 1 of a pid namespace ends, the kernel kills every process in it: nothing of a submission is left behind.
It runs trusted code only, and the student's process can neither signal nor trace it.
"""

import os
import signal
import time

FINISHED, BROKEN, MEMORY, CPU, WALL = 0, 70, 71, 72, 73
REASONS = {
    FINISHED: "", BROKEN: "the sandbox could not be set up", MEMORY: "memory", CPU: "cpu time", WALL: "wall time"
}  # fmt: skip
INTERVAL = 0.05  # seconds between two looks; a process can fill about 0.2 GB in that time
TICKS = os.sysconf("SC_CLK_TCK")


def watch(session, seen, limits, options, modules):
    """Fork the student's process and watch it until it ends or a limit is reached. Returns an exit status.

    session, seen: file descriptors of its socket and of the pipe of attempts.py. modules: those of this package, which
    the zygote has imported.
    """
    confine, system = modules.confine, modules.system
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    if options["jail"]:
        system.unshare(system.CLONE_NEWNS | system.CLONE_NEWIPC)
        confine.private_files(limits)
    student = os.fork()
    if student == 0:
        try:
            _become_student(session, seen, limits, options, modules)
        finally:
            os._exit(BROKEN)
    os.close(session)
    os.close(seen)
    end = time.monotonic() + limits["wall_seconds"]
    while True:
        signal.sigtimedwait([signal.SIGCHLD], INTERVAL)
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return FINISHED
            if pid == student:
                return FINISHED
            if pid == 0:
                break
        memory, cpu = usage(options["jail"], student, limits["memory"])
        if memory > limits["memory"]:
            return _end(options, student, MEMORY)
        if cpu > limits["cpu_seconds"]:
            return _end(options, student, CPU)
        if time.monotonic() > end:
            return _end(options, student, WALL)


def _become_student(session, seen, limits, options, modules):
    confine, system = modules.confine, modules.system
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    session, seen = confine.keep_only(session, seen)
    confine.set_limits(limits)
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


def usage(all_processes, student, memory_limit):
    """Return (bytes of memory, seconds of CPU) of the submission, summed over its processes."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"] if all_processes else [student]
    memory = cpu = 0
    for pid in pids:
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            memory += _kilobytes(f"/proc/{pid}/status", ("RssAnon", "RssShmem")) * 1024
        except (OSError, IndexError, ValueError):  # it has just ended
            continue
        cpu += sum(int(ticks) for ticks in fields[11:15]) / TICKS  # its own and its waited-for children's
    if memory > memory_limit:  # forked processes share pages: count each page once, which takes longer
        memory = sum(_shared_out(pid) for pid in pids)
    reaped = os.times()
    return memory, cpu + reaped.children_user + reaped.children_system


def _shared_out(pid):
    try:
        return _kilobytes(f"/proc/{pid}/smaps_rollup", ("Pss_Anon", "Pss_Shmem")) * 1024
    except OSError:
        return 0


def _kilobytes(path, names):
    """The sum of some lines "Name:   123 kB" of a file in /proc."""
    with open(path) as lines:
        return sum(int(line.split()[1]) for line in lines if line.partition(":")[0] in names)


def _end(options, student, status):
    if not options["jail"]:  # no namespace that ends with us: kill the session that the student's process leads
        try:
            os.killpg(student, signal.SIGKILL)
        except OSError:
            pass
    return status
