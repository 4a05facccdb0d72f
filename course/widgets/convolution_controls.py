"""The controls of `ConvolutionStepper`: sizes, examples and presets, which follow the arrays when these are edited."""

import ipywidgets as widgets
import numpy as np
import traitlets

from course.widgets.convolution_examples import EXAMPLES, KERNELS, grown

OWN = "your own"
KERNEL_SIZES = [(rows, columns) for rows in range(1, 6) for columns in range(1, 6) if abs(rows - columns) <= 1]


class ConvolutionControls:
    """The part of `ConvolutionStepper` that changes its arrays."""

    def use(self, **values):
        """Set several of image, weight, bias, stride, padding at once."""
        with self.together():
            for name, value in values.items():
                setattr(self, name, value)

    def write(self, name, place, value):
        """Change one number of `image`, `weight` or `bias`; place: its indices."""
        changed = np.array(getattr(self, name))
        changed[tuple(place)] = value
        setattr(self, name, changed.tolist())

    def resize(self, **sizes):
        """Change rows, columns, channels, filters or kernel (rows, columns): cut, or continued with small numbers."""
        (channels, rows, columns), (filters, _, *kernel) = np.shape(self.image), np.shape(self.weight)
        now = {"rows": rows, "columns": columns, "channels": channels, "filters": filters, "kernel": kernel} | sizes
        self.use(
            image=grown(self.image, (now["channels"], now["rows"], now["columns"])),
            weight=grown(self.weight, (now["filters"], now["channels"], *now["kernel"])),
            bias=[*self.bias, *[0.0] * now["filters"]][: now["filters"]],
        )

    # the controls

    def controls(self):
        self._following = False
        sizes = {
            "rows": widgets.IntSlider(min=1, max=12, description="Input rows"),
            "columns": widgets.IntSlider(min=1, max=12, description="Input columns"),
            "channels": widgets.IntSlider(min=1, max=3, description="Channels"),
            "filters": widgets.IntSlider(min=1, max=3, description="Filters"),
            "kernel": widgets.Dropdown(options=[(f"{r}×{c}", (r, c)) for r, c in self._kernel_sizes()],
                                       description="Kernel size"),
        }  # fmt: skip
        self._sizes = sizes
        self._example = widgets.Dropdown(options=[OWN, *self._examples()], description="Example")
        self._kernel = widgets.Dropdown(options=[OWN, *KERNELS], description="Kernel")
        self._follow_arrays()
        for name, control in sizes.items():
            control.observe(lambda change, name=name: self._resized(name, change["new"]), "value")
        self._example.observe(lambda change: self._chosen(self._examples().get(change["new"])), "value")
        self._kernel.observe(lambda change: self._kernel_chosen(change["new"]), "value")
        self.observe(lambda change: self._changed(), list(self.state))
        padding = self.bind("padding", widgets.IntSlider(min=0, max=3, description="Padding"))
        stride = self.bind("stride", widgets.IntSlider(min=1, max=4, description="Stride"))
        shown = [sizes["rows"], sizes["columns"], sizes["channels"], sizes["filters"], padding, stride]
        if self._planes:
            shown = [control for control in shown if control.description not in ("Channels", "Filters")]
        dense = widgets.VBox([self._example, self._kernel, sizes["kernel"], *shown])
        dense.add_class("course-explorer-dense")
        answer = widgets.Checkbox(description="You first: say the cell, then see it", indent=False)
        traitlets.link((self, "answer_first"), (answer, "value"))
        return [dense, answer]

    def _kernel_sizes(self):
        own = tuple(np.shape(self.weight)[2:])
        return KERNEL_SIZES + [own] * (own not in KERNEL_SIZES)

    def _examples(self):
        one = lambda example: np.shape(example["weight"])[:2] == (1, 1)  # noqa: E731
        return {name: example for name, example in EXAMPLES.items() if one(example) or not self._planes}

    def _follow_arrays(self):
        """The controls of sizes and examples say what the arrays are."""
        self._following = True
        (channels, rows, columns), (filters, _, *kernel) = np.shape(self.image), np.shape(self.weight)
        for name, value in {"rows": rows, "columns": columns, "channels": channels, "filters": filters}.items():
            self._sizes[name].value = value
        control, kernel = self._sizes["kernel"], tuple(kernel)
        if kernel not in [value for _, value in control.options]:
            control.options = [*control.options, (f"{kernel[0]}×{kernel[1]}", kernel)]
        control.value = kernel
        state = {name: getattr(self, name) for name in self.state}
        self._example.value = next((name for name, one in self._examples().items() if one == state), OWN)
        planes = [plane for stack in self.weight for plane in stack]
        self._kernel.value = next((name for name, plane in KERNELS.items() if all(
            np.array_equal(plane, own) for own in planes)), OWN)  # fmt: skip
        self._following = False

    def _changed(self):
        with self.picture.hold_sync() if hasattr(self, "picture") else self.hold_trait_notifications():
            self.answers = {}
        self._follow_arrays()

    def _resized(self, name, value):
        if not self._following:
            self.resize(**{name: value})

    def _chosen(self, example):
        if not self._following and example:
            self.use(position=0, **example)

    def _kernel_chosen(self, name):
        if not self._following and name != OWN:
            filters, channels = np.shape(self.weight)[:2]
            self.use(weight=[[KERNELS[name]] * channels] * filters)
