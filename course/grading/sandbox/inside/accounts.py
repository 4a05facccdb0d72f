"""What a submission uses: memory and CPU time, summed over its processes, from a /proc that only the warden can reach.

Memory is every page that belongs to its processes alone (anonymous, swapped out, mapped from its own small file
systems) and what the kernel holds for them: page tables, buffers of pipes, descriptions of mappings. The last two are
slow to count. So the most that they can be is taken first, and they are counted only if that could break the limit.
While they are counted no process runs: millions of mappings take seconds, in which memory could grow without bound.
"""

import contextlib
import os
import signal

TICKS = os.sysconf("SC_CLK_TCK")
PIPE = 16 * os.sysconf("SC_PAGESIZE")  # what one pipe holds at most; it cannot be made larger
MAPPING = 256  # bytes that the kernel needs for one mapping
PAGES, TABLES = (b"RssAnon", b"RssShmem", b"VmSwap"), (b"VmPTE",)
SHARED_OUT = (b"Pss_Anon", b"Pss_Shmem", b"SwapPss")  # a page that n processes have counts one n-th in each
GONE = (FileNotFoundError, ProcessLookupError)


class Accounts:
    """Reads what is used. proc: file descriptor of the /proc; student: the one process to look at, or None for all.

    signal_all: function that sends a signal to all of them.
    """

    def __init__(self, proc, signal_all, student=None):
        self.proc, self.signal_all, self.student = proc, signal_all, student
        self.most_mappings = int(self._content("sys/vm/max_map_count"))

    def cpu(self, limit):
        """Seconds of CPU that all processes have used, also those that have ended. Above `limit` it looks twice: a
        child that is waited for between two readings is counted twice, in itself and in its parent."""
        used = self._cpu()
        return used if used <= limit else min(used, self._cpu())

    def _cpu(self):
        # nobody's time is lost: no process can ignore SIGCHLD (see calls.py), so that each is waited for by its parent
        # or by us, and stays visible until then
        ticks = 0
        for pid in self._pids():
            # behind its name, which may hold anything: its own times and those of children that it has waited for
            fields = self._of(pid, "stat").rpartition(b")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        ended = os.times()
        return ticks / TICKS + ended.children_user + ended.children_system

    def memory(self, limit, open_files):
        """Bytes of memory in use; exact where they are above `limit`. open_files: the limit of one process."""
        pids = self._pids()
        used = self._bytes(pids, "status", PAGES + TABLES)
        if used + len(pids) * (open_files * PIPE + self.most_mappings * MAPPING) <= limit:
            return used
        with self._stopped():
            pids = self._pids()
            used = self._bytes(pids, "status", PAGES + TABLES)
            held = self._pipes(pids) * PIPE + self._mappings(pids, limit // MAPPING) * MAPPING
            if used + held > limit:  # forked processes share pages: count each page once, which takes longer
                used = self._bytes(pids, "smaps_rollup", SHARED_OUT) + self._bytes(pids, "status", TABLES)
            return used + held

    @contextlib.contextmanager
    def _stopped(self):
        """Inside this block none of the processes runs, and none can be made."""
        self.signal_all(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal_all(signal.SIGCONT)

    def _pids(self):
        if self.student is not None:
            return [self.student]
        return [int(name) for name in os.listdir(self.proc) if name.isdigit() and name != "1"]

    def _pipes(self, pids):
        """How many pipes are open, each counted once."""
        found = set()
        for pid in pids:
            for name in self._unless_gone(pid, lambda pid: self._list(f"{pid}/fd")) or ():
                try:
                    found.add(os.readlink(f"{pid}/fd/{name}", dir_fd=self.proc))
                except GONE:
                    continue
        return sum(name.startswith("pipe:") for name in found)

    def _mappings(self, pids, enough):
        """How many mappings all processes have, or some number above `enough`."""
        count = 0
        for pid in pids:
            count += self._of(pid, "maps").count(b"\n")
            if count > enough:
                break
        return count

    def _bytes(self, pids, name, wanted):
        """The sum of some lines "Name:   123 kB" of a file of each process."""
        lines = (line for pid in pids for line in self._of(pid, name).splitlines())
        return sum(int(line.split()[1]) for line in lines if line.partition(b":")[0] in wanted) * 1024

    def _of(self, pid, name):
        """The content of a file of a process; b"" if it has ended."""
        return self._unless_gone(pid, lambda pid: self._content(f"{pid}/{name}")) or b""

    def _unless_gone(self, pid, read):
        """What `read` gives; None if the process has ended. Anything else is an error: nothing may go uncounted."""
        try:
            return read(pid)
        except GONE:
            return None
        except PermissionError:
            # the files of a process that is about to end, and has given back its memory, belong to nobody
            if self._of(pid, "statm").split()[:1] in ([], [b"0"]):
                return None
            raise

    def _content(self, path):
        fd = os.open(path, os.O_RDONLY, dir_fd=self.proc)
        try:
            return b"".join(iter(lambda: os.read(fd, 1 << 16), b""))
        finally:
            os.close(fd)

    def _list(self, path):
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.proc)
        try:
            return os.listdir(fd)
        finally:
            os.close(fd)
