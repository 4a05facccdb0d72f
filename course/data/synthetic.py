"""Small colour pictures of an animal in a scene, made by rule: what does a net learn when the two agree?

Slides: cmu-l10-012, cmu-l10-013. In training the animal nearly always stands in its usual scene; a net that learns
the scene instead of the animal looks good until somebody takes the animal elsewhere.
"""

import numpy as np

SIZE = 24  # pixels
# preset: (class 0, its scene), (class 1, its scene)
PRESETS = {
    "cow and crab": (("cow", "pasture"), ("crab", "beach")),
    "elephant and person": (("elephant", "savanna"), ("person", "room")),
}
SHAPES = {
    "cow": ["#.#.........", "###.........", "############", "############", "..##########",
            "..#########.", "..##..#.##..", "..##....##..", "..##....##.."],
    "crab": ["##........##", "##..#..#..##", ".#..#..#..#.", ".##########.", "..########..",
             ".##########.", "#..######..#", "..#.#..#.#..", ".#........#."],
    "elephant": ["..##########.", ".############", "#############", "#.##########.", "#.##########.",
                 "#.##########.", "#.##.##..###.", "#.##.....##..", "..##.....##.."],
    "person": ["...##...", "...##...", ".######.", "########", "#.####.#", "#.####.#", "..####..",
               "..#..#..", "..#..#..", ".##..##."],
}  # fmt: skip
# scene: (colour above, colour below, height of the border, stripes across the lower part)
SCENES = {
    "pasture": ((0.55, 0.75, 0.95), (0.35, 0.65, 0.30), 0.35, "upright"),
    "beach": ((0.30, 0.60, 0.85), (0.90, 0.82, 0.60), 0.45, "level"),
    "savanna": ((0.80, 0.85, 0.95), (0.80, 0.65, 0.35), 0.40, "upright"),
    "room": ((0.85, 0.80, 0.78), (0.50, 0.38, 0.30), 0.60, "level"),
}


def animal(name):
    """Return the silhouette as an array (height, width) of 0 and 1."""
    return np.array([[letter == "#" for letter in line] for line in SHAPES[name]], dtype=np.float32)


def scene(name, rng):
    """Return a background, (3, 24, 24): two coloured areas with stripes in the lower one, light and noise at random."""
    above, below, border, stripes = SCENES[name]
    image = np.empty((3, SIZE, SIZE), dtype=np.float32)
    row = int((border + rng.uniform(-0.1, 0.1)) * SIZE)
    image[:, :row], image[:, row:] = np.reshape(above, (3, 1, 1)), np.reshape(below, (3, 1, 1))
    wave = 0.06 * np.sin(np.arange(SIZE) * rng.uniform(1.2, 2.0) + rng.uniform(0, 6))
    image[:, row:] += wave if stripes == "upright" else wave[row:, None]
    return image * rng.uniform(0.85, 1.1) + rng.normal(0, 0.04, image.shape)


def picture(animal_name, scene_name, rng):
    """Return (3, 24, 24) in [0, 1]: the animal at a random place, facing either way, dark or light."""
    image, shape = scene(scene_name, rng), animal(animal_name)
    shape = shape[:, ::-1] if rng.random() < 0.5 else shape
    height, width = shape.shape
    top, left = rng.integers(8, SIZE - height + 1), (SIZE - width) // 2 + rng.integers(-5, 6)
    window = image[:, top : top + height, left : left + width]
    # the animal is grey in both classes: only its shape tells which it is
    window[...] = np.where(shape, rng.choice([0.15, 0.95]) + rng.normal(0, 0.04, shape.shape), window)
    return np.clip(image, 0, 1).astype(np.float32)


def animals(n=1000, agree=0.95, preset="cow and crab", seed=0):
    """Make `n` pictures, half of each class; a share `agree` of each class stands in its usual scene.

    Returns images (N, 3, 24, 24) float32 in [0, 1], labels (N,) and scenes (N,), both 0 or 1; scene k is the usual
    one of class k. `agree=1.0` is the training set of a careless collector, 0.5 says nothing, 0.0 swaps all scenes.
    """
    if preset not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(PRESETS)}; got {preset!r}")
    if not 0 <= agree <= 1:
        raise ValueError(f"agree is a share between 0 and 1; got {agree}")
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    usual = (np.arange(n) // 2) < round(agree * (n // 2))  # the same share in both classes
    scenes = np.where(usual, labels, 1 - labels)
    order = rng.permutation(n)
    labels, scenes = labels[order], scenes[order]
    pairs = PRESETS[preset]
    images = [picture(pairs[label][0], pairs[place][1], rng) for label, place in zip(labels, scenes, strict=True)]
    return np.stack(images), labels, scenes
