"""The table of all hostile submissions, by name."""

from tests.grading.hostile import breaking, files, fooling, page, protocol, reading

MODULES = (fooling, reading, breaking, protocol, page, files)
ATTACKS = {name: attack for module in MODULES for name, attack in module.ATTACKS.items()}
assert len(ATTACKS) == sum(len(module.ATTACKS) for module in MODULES), "two attacks have the same name"
