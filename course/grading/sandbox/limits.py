"""What a submission may use. Every limit is a setting, and a test shows each of them bite."""

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one submission, summed over all its processes unless it says otherwise. Sizes in bytes, seconds."""

    memory: int = 2048 * MIB
    processes: int = 64
    cpu_seconds: int = 120
    wall_seconds: int = 300
    cell_seconds: int = 60  # one cell
    call_seconds: int = 10  # one call from a test
    file_size: int = 64 * MIB  # of one file
    disk: int = 128 * MIB  # of all files: they live in memory
    files: int = 10_000
    open_files: int = 256  # in one process
    output: int = 200_000  # characters that one cell may print; pictures have room of their own
    all_output: int = 20_000_000  # characters of all outputs in the stored notebook, pictures with them

    def __post_init__(self):
        for name, value in asdict(self).items():
            if not isinstance(value, int) or value <= 0:
                raise ValueError(f"the limit {name} must be a whole number above 0; got {value!r}")

    def to_dict(self):
        """Plain numbers, as they are sent into the sandbox."""
        return asdict(self)
