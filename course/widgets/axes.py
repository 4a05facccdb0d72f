"""The positions of a control, counted 0, 1, 2, ..., and the state of the explorer that each stands for.

The page counts the same way (`position` in frames.js), so that page and Python mean the same state by "3,17,0".
"""

import math

import ipywidgets as widgets
from ipywidgets.widgets.widget_selection import _Selection

OFF_GRID = 1e-4  # of a step: a value further away from every position has none


def only_rounded(slider, now):
    """Is the slider's value only what its own steps make of the number `now`? A page that shows a slider writes such a
    value back: 0.7 of 0.7071. Nobody moved it then."""
    value = slider.value
    if isinstance(slider, widgets.FloatLogSlider):
        value, now = math.log(value, slider.base), math.log(now, slider.base)
    steps = (value - slider.min) / slider.step
    return abs(steps - round(steps)) < OFF_GRID and abs(value - now) <= (0.5 + OFF_GRID) * slider.step


class Axis:
    """One control of an explorer. `change(state, value)` returns the state when the control has that value.

    Selections, sliders of a number and check boxes have positions; `length` of any other control is 0.
    """

    def __init__(self, control, change):
        self.control, self.change = control, change

    @property
    def name(self):
        """What the control is called."""
        return self.control.description

    @property
    def length(self):
        control = self.control
        if isinstance(control, _Selection):
            return len(control._options_full)
        if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
            return 2
        step = getattr(control, "step", None)
        if not step or not hasattr(control, "min") or not isinstance(control.value, int | float):
            return 0
        return int(math.floor((control.max - control.min) / step + OFF_GRID)) + 1

    def value(self, position):
        """The control's value at a position from 0 to length - 1."""
        control = self.control
        if isinstance(control, _Selection):
            return control._options_full[position][1]
        if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
            return bool(position)
        number = control.min + position * control.step
        if isinstance(control, widgets.FloatLogSlider):
            return control.base**number
        if isinstance(number, int):
            return number
        return round(number, 9 - math.floor(math.log10(control.step))) + 0.0  # 0.3, not 0.30000000000000004; no -0.0

    @property
    def position(self):
        """Where the control stands: a number from 0, or "@" and millionths of a value between two positions."""
        control = self.control
        if isinstance(control, _Selection):
            return -1 if control.index is None else control.index
        if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
            return int(control.value)
        if self.length == 0:
            return "@0"
        number = math.log(control.value, control.base) if isinstance(control, widgets.FloatLogSlider) else control.value
        position = (number - control.min) / control.step
        nearest = math.floor(position + 0.5)
        return nearest if abs(position - nearest) < OFF_GRID else f"@{math.floor(1e6 * control.value + 0.5)}"

    @property
    def is_rough(self):
        """Does the control stand at a position, and its value differ from that in the last digits?"""
        value, position = self.control.value, self.position
        return isinstance(value, float) and isinstance(position, int) and value != self.value(position)

    def label(self, position):
        """What the control shows at a position."""
        control = self.control
        if isinstance(control, _Selection):
            return str(control._options_full[position][0])
        if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
            return ("off", "on")[position]
        return format(self.value(position), getattr(control, "readout_format", ""))
