"""Inputs of a common scale, by what the training set alone knows: what problem set 2 begins with."""

import numpy as np


def standardise(train, *others):
    """Return all arrays, of any shapes, minus the mean of `train` and divided by its standard deviation.

    Every array is shifted by the same two numbers: the test set must not tell about itself, and a picture stays a
    picture. ValueError if all numbers of `train` are equal.
    """
    train = np.asarray(train)
    # plain numbers, so that float32 stays float32
    mean, deviation = float(train.mean(dtype=np.float64)), float(train.std(dtype=np.float64))
    if not deviation > 0:
        raise ValueError(f"all numbers of the training set are {train.flat[0]:g}: there is no scale to divide by")
    return tuple((np.asarray(array) - mean) / deviation for array in (train, *others))
