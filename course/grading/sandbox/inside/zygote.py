"""The warm Python of the sandbox: imports what students use once, then forks a shut-in child for each submission.

Started by `course.grading.sandbox.jail` as `python -I zygote.py CONTROL_FD OPTIONS`. No student code ever runs in this
process. It is asked through the control socket, one packet a message, JSON with at most one file descriptor:

    grader -> zygote   {"id": 7, "limits": {...}, "left": {"cpu": 9, "wall": 60}} and the child's end of its socket
    zygote -> grader   {"ready": true}; {"started": 7} and a pidfd;
                       {"ended": 7, "reason": "", "cpu": 0.4, "wall": 1.2, "attempts": ["imported torch"]}
"""

import json
import os
import select
import signal
import socket
import sys
import time


def main():
    """Serve until the grader closes the control socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    sys.path[:0] = options["path"]
    modules = __import__("inside")  # as a package, so that the imports below are relative to it
    from inside import accounts, attempts, confine, seccomp, server, system, warden  # noqa: F401  (of `modules`)

    system.prctl(system.PR_SET_DUMPABLE, 0)  # nobody reads this process's memory
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # who ignores it, as our starter may, cannot wait for children
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # a warden takes it when it looks
    server.warm_up()
    own_pids = None
    if options["jail"]:
        seccomp.prepared()
        own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    options["mapped"] = confine.mapped()
    running = {}  # pidfd: (id, pid)
    control.send(json.dumps({"ready": True}).encode())
    while True:
        readable, _, _ = select.select([control, *running], [], [])
        for fd in readable:
            if fd is control:
                if not _start(control, options, own_pids, running, modules):
                    return
            else:
                _report_end(control, running, fd, modules)


def _start(control, options, own_pids, running, modules):
    """Fork the warden of a new submission. Returns False if the grader has gone."""
    message, fds, _, _ = socket.recv_fds(control, 1 << 16, 1)
    if not message:
        return False
    request = json.loads(message)
    session, *_ = fds
    system, (read, write) = modules.system, os.pipe()
    os.set_blocking(read, False)
    if options["jail"]:
        system.unshare(system.CLONE_NEWPID)  # for the next child: it becomes process 1 of its own world
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            os.close(read)
            os._exit(modules.warden.watch(session, write, request["limits"], request["left"], options, modules))
        finally:
            os._exit(modules.warden.BROKEN)
    if options["jail"]:
        system.setns(own_pids, system.CLONE_NEWPID)
    os.close(session)
    os.close(write)
    pidfd = os.pidfd_open(pid)
    running[pidfd] = (request["id"], pid, time.monotonic(), read)
    socket.send_fds(control, [json.dumps({"started": request["id"]}).encode()], [pidfd])
    if options["jail"]:
        # our network, where nothing is up, stays with this child, and the next one gets another: made here, it costs
        # time while nobody waits
        system.unshare(system.CLONE_NEWNET)
    return True


def _report_end(control, running, pidfd, modules):
    number, pid, started, read = running.pop(pidfd)
    _, status, usage = os.wait4(pid, 0)
    os.close(pidfd)
    code = os.waitstatus_to_exitcode(status)
    reason = "killed" if code == -signal.SIGKILL else modules.warden.REASONS.get(code, f"ended with status {code}")
    try:
        seen = os.read(read, 1 << 16)
    except BlockingIOError:  # nothing was seen, and somebody lives who could still write: only without a jail
        seen = b""
    os.close(read)
    control.send(json.dumps({
        "ended": number, "reason": reason, "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - started, "attempts": modules.attempts.kinds(seen),
    }).encode())  # fmt: skip


if __name__ == "__main__":
    main()
