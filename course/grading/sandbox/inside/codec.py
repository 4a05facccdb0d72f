"""Plain values to bytes and back, within bounds. Both sides of the trust line use it; nothing is ever executed.

Plain are: None, bool, int, float, complex, str, bytes, Ellipsis, slice, list, tuple, dict with plain keys, NumPy
arrays and NumPy scalars of booleans, integers, floats and complex numbers. Types are exact on arrival. A subclass is
no plain value: `refer` may turn it (and any other object) into a Handle, or it is refused.

Every value starts with one byte, its tag; sizes follow as unsigned integers and are checked against what is left of
the bytes before anything is made from them.
"""

from .decoder import decode
from .encoder import encode
from .plain import DTYPES, LIMITS, CodecError, Handle, Limits, name_of

__all__ = ["DTYPES", "LIMITS", "CodecError", "Handle", "Limits", "decode", "encode", "name_of"]
