"""Which device, how many digits, TF32 off and back, arrays there and back."""

import types

import numpy as np
import pytest
import torch
from hypothesis import given

from course import reference
from tests.unit.strategies import any_shape, arrays

TF32 = [(torch.backends.cuda.matmul, "matmul"), (torch.backends.cudnn.conv, "conv"), (torch.backends.cudnn.rnn, "rnn")]


@pytest.fixture
def machine(monkeypatch):
    """Pretend that torch sees these devices; no COURSE_DEVICE is set."""

    def pretend(cuda=False, mps=False):
        monkeypatch.delenv("COURSE_DEVICE", raising=False)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return pretend


@pytest.mark.parametrize(
    "cuda, mps, want", [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")]
)
def test_picks_cuda_then_mps_then_cpu(machine, cuda, mps, want):
    """Is the fastest device there picked?"""
    machine(cuda, mps)
    assert reference.device() == torch.device(want)


def test_environment_overrules(machine, monkeypatch):
    """Does COURSE_DEVICE=cpu win over a graphics card? Is an empty value no choice?"""
    machine(cuda=True)
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    assert reference.device() == torch.device("cpu")
    monkeypatch.setenv("COURSE_DEVICE", "")
    assert reference.device() == torch.device("cuda")


def test_unknown_device_is_an_error(machine, monkeypatch):
    """Does the message name the variable, the choices and what was found?"""
    machine()
    monkeypatch.setenv("COURSE_DEVICE", "gpu")
    with pytest.raises(ValueError, match="COURSE_DEVICE must be one of cuda, mps, cpu; got 'gpu'"):
        reference.device()


def test_missing_device_is_an_error(machine, monkeypatch):
    """Is a device that is not there refused, not silently replaced?"""
    machine(mps=True)
    monkeypatch.setenv("COURSE_DEVICE", "cuda")
    with pytest.raises(RuntimeError, match="asks for cuda, .*available: mps, cpu"):
        reference.device()


def test_float64_except_on_mps(machine):
    """Is float32, with wider tolerances, used only where float64 does not exist?"""
    machine()
    assert [reference.dtype(name) for name in ("cpu", "cuda", "mps")] == [torch.float64] * 2 + [torch.float32]
    assert reference.dtype() == torch.float64
    exact, coarse = reference.tolerance("cpu"), reference.tolerance("mps")
    assert exact.value < 1e-8 and exact.gradient < 1e-7
    assert np.finfo(np.float32).eps < coarse.value < coarse.gradient < 1e-2


def test_switches_tf32_off_and_back():
    """Are all switches exact inside, and as before afterwards, also after an error and when nested?"""
    before = [switch.fp32_precision for switch, _ in TF32]
    kept = torch.backends.cuda.matmul.fp32_precision
    try:
        torch.backends.cuda.matmul.fp32_precision = "tf32"
        with pytest.raises(KeyError), reference.exact_arithmetic():
            with reference.exact_arithmetic():
                pass
            assert [torch._C._get_fp32_precision_getter("cuda", name) for _, name in TF32] == ["ieee"] * 3
            raise KeyError
        assert torch.backends.cuda.matmul.fp32_precision == "tf32"
    finally:
        torch.backends.cuda.matmul.fp32_precision = kept
    assert [switch.fp32_precision for switch, _ in TF32] == before


def test_switches_tf32_off_in_older_pytorch(monkeypatch):
    """Before 2.9 the switches were called allow_tf32; are those used where the new ones are missing?"""
    matmul, cudnn = types.SimpleNamespace(allow_tf32=True), types.SimpleNamespace(allow_tf32=True)
    monkeypatch.setattr(torch.backends, "cuda", types.SimpleNamespace(matmul=matmul))
    monkeypatch.setattr(torch.backends, "cudnn", cudnn)
    with reference.exact_arithmetic():
        assert (matmul.allow_tf32, cudnn.allow_tf32) == (False, False)
    assert (matmul.allow_tf32, cudnn.allow_tf32) == (True, True)


@given(array=arrays(any_shape()))
def test_there_and_back(array):
    """Do values survive, in every layout, and is the tensor a copy?"""
    before = array.copy()
    tensor = reference.to_tensor(array, "cpu")
    assert tensor.dtype == (torch.int64 if array.dtype.kind == "i" else torch.float64)
    back = reference.to_numpy(tensor)
    assert np.shape(back) == array.shape and np.array_equal(back, array)
    tensor += 1
    assert np.array_equal(array, before) and np.array_equal(back, before)


@pytest.mark.parametrize(
    "value, want", [(2, torch.int64), (2.5, torch.float64), ([1, 2], torch.int64), (True, torch.bool),
                    (np.float16(2), torch.float64), (np.uint8([255]), torch.int64)]
)  # fmt: skip
def test_numbers_and_lists(value, want):
    """Do plain numbers and lists go over with the type that they mean?"""
    tensor = reference.to_tensor(value, "cpu")
    assert tensor.dtype == want
    assert tensor.tolist() == value


@pytest.mark.parametrize("value", ["text", None, [1 + 2j], [object()]])
def test_what_is_not_a_real_number_is_an_error(value):
    """Is anything else refused with the type that came?"""
    with pytest.raises(TypeError, match="expected real numbers; got an array of"):
        reference.to_tensor(value)
