"""What a submission uses: memory and CPU time, summed over its processes, from a /proc that only the warden can reach.

Memory is every page that belongs to its processes alone (anonymous, swapped out, mapped from its own small file
systems) and what the kernel holds for them: page tables, buffers of pipes, descriptions of mappings. The last two are
slow to count. So the most that they can be is taken first, and they are counted only if that could break the limit.
"""

import os

TICKS = os.sysconf("SC_CLK_TCK")
PIPE = 16 * os.sysconf("SC_PAGESIZE")  # what one pipe holds at most; it cannot be made larger
MAPPING = 256  # bytes that the kernel needs for one mapping
PAGES, TABLES = ("RssAnon", "RssShmem", "VmSwap"), ("VmPTE",)
SHARED_OUT = ("Pss_Anon", "Pss_Shmem", "SwapPss")  # a page that n processes have counts one n-th in each
GONE = (FileNotFoundError, ProcessLookupError)


class Accounts:
    """Reads what is used. proc: file descriptor of the /proc; student: the one process to look at, or None for all."""

    def __init__(self, proc, student=None):
        self.proc, self.student = proc, student
        with self._open("sys/vm/max_map_count") as file:
            self.most_mappings = int(file.read())

    def cpu(self, limit):
        """Seconds of CPU that all processes have used, also those that have ended. Above `limit` it looks twice: a
        child that is waited for between two readings is counted twice, in itself and in its parent."""
        used = self._cpu()
        return used if used <= limit else min(used, self._cpu())

    def _cpu(self):
        # nobody's time is lost: no process can ignore SIGCHLD (see calls.py), so that each is waited for by its parent
        # or by us, and stays visible until then
        total = 0
        for pid in self._pids():
            fields = self._stat(pid)
            total += sum(map(int, fields[11:15])) / TICKS  # its own and its waited-for children's
        ended = os.times()
        return total + ended.children_user + ended.children_system

    def memory(self, limit, open_files):
        """Bytes of memory in use; exact where they are above `limit`. open_files: the limit of one process."""
        pids = self._pids()
        used = self._bytes(pids, "status", PAGES + TABLES)
        if used + len(pids) * (open_files * PIPE + self.most_mappings * MAPPING) <= limit:
            return used
        held = self._pipes(pids) * PIPE + self._mappings(pids, limit // MAPPING) * MAPPING
        if used + held > limit:  # forked processes share pages: count each page once, which takes longer
            used = self._bytes(pids, "smaps_rollup", SHARED_OUT) + self._bytes(pids, "status", TABLES)
        return used + held

    def _pids(self):
        if self.student is not None:
            return [self.student]
        return [int(name) for name in os.listdir(self.proc) if name.isdigit() and name != "1"]

    def _pipes(self, pids):
        """How many pipes are open, each counted once."""
        found = set()
        for pid in pids:
            for name in self._read(pid, lambda pid: self._list(f"{pid}/fd")) or ():
                try:
                    found.add(os.readlink(f"{pid}/fd/{name}", dir_fd=self.proc))
                except GONE:
                    continue
        return sum(name.startswith("pipe:") for name in found)

    def _mappings(self, pids, enough):
        """How many mappings all processes have, or some number above `enough`."""
        count = 0
        for pid in pids:
            count += self._read(pid, lambda pid: self._count(pid, "maps")) or 0
            if count > enough:
                break
        return count

    def _bytes(self, pids, name, wanted):
        """The sum of some lines "Name:   123 kB" of a file of each process."""
        lines = (line for pid in pids for line in self._read(pid, lambda pid: self._lines(pid, name)) or ())
        return sum(int(line.split()[1]) for line in lines if line.partition(":")[0] in wanted) * 1024

    def _read(self, pid, read):
        """What `read` gives; None if the process has ended. Anything else is an error: nothing may go uncounted."""
        try:
            return read(pid)
        except GONE:
            return None
        except PermissionError:
            # the files of a process that is about to end, and has given back its memory, belong to nobody
            if self._read(pid, lambda pid: self._lines(pid, "statm")[0].split()[0]) in (None, "0"):
                return None
            raise

    def _stat(self, pid):
        """The fields of a process behind its name, which may hold anything; none if it is gone."""
        try:
            with self._open(f"{pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()
        except GONE:
            return []

    def _lines(self, pid, name):
        with self._open(f"{pid}/{name}") as file:
            return file.readlines()

    def _count(self, pid, name):
        """How many lines there are: many thousands, which nobody has to read."""
        fd = os.open(f"{pid}/{name}", os.O_RDONLY, dir_fd=self.proc)
        try:
            return sum(part.count(b"\n") for part in iter(lambda: os.read(fd, 1 << 16), b""))
        finally:
            os.close(fd)

    def _list(self, name):
        fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.proc)
        try:
            return os.listdir(fd)
        finally:
            os.close(fd)

    def _open(self, name):
        return open(name, errors="replace", opener=lambda path, flags: os.open(path, flags, dir_fd=self.proc))
