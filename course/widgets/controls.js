// What ipywidgets' controls lack: names for slider handles, a pressed state, and keys that stay with the control.

function element(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function setIfNew(node, name, value) {
  if (value && node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// ipywidgets gives a slider a visible label but no name for its handle, and speaks the exponent of a log slider.
function nameSliders(explorer) {
  for (const slider of explorer.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent.trim();
    const readout = slider.querySelector(".widget-readout");
    for (const handle of slider.querySelectorAll("[role=slider]")) {
      setIfNew(handle, "aria-label", label);
      setIfNew(handle, "aria-valuetext", readout?.textContent.trim());
    }
    if (readout && label) {
      setIfNew(readout, "role", "textbox");
      setIfNew(readout, "aria-label", `${label}, as a number`);
    }
  }
}

// Buttons that stay down say so: Pen or Eraser.
function sayPressed(explorer) {
  for (const button of explorer.querySelectorAll(".widget-toggle-button")) {
    setIfNew(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
  for (const group of explorer.querySelectorAll(".widget-toggle-buttons")) {
    setIfNew(group, "role", "group");
    setIfNew(group, "aria-label", group.querySelector(".widget-label")?.textContent.trim());
  }
}

// JupyterLab takes single letters as commands: `r` in a dropdown made the cell raw. Ctrl+S and the like still reach it.
function keepKeys(event) {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

// Looks after the controls of the explorer until `signal` is aborted.
function tendControls(explorer, signal) {
  const tend = () => {
    nameSliders(explorer);
    sayPressed(explorer);
  };
  tend();
  explorer.addEventListener("keydown", keepKeys, { signal });
  const watch = new MutationObserver(tend);
  watch.observe(explorer, { childList: true, characterData: true, subtree: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => watch.disconnect());
}

// Without a kernel the controls do nothing. Say so; or make way for the still picture, where that one is shown as well
// or brings frames that its own sliders show.
async function mindKernel(model, explorer, signal) {
  const button = await model.widget_manager.get_model(model.get("button")).catch(() => null);
  if (!button || signal.aborted) return;
  const note = element("p", "course-explorer-asleep", { role: "status" });
  explorer.prepend(note);
  function look() {
    const asleep = !button.comm_live;
    const still = document.querySelector(`.course-still[data-explorer="${model.get("explorer")}"]`);
    const better = asleep && (still?.offsetParent || still?.querySelector('script[type="application/json"]'));
    still?.classList.toggle("course-still-awake", Boolean(better));
    explorer.style.display = better ? "none" : "";
    explorer.querySelector(".course-explorer-side")?.toggleAttribute("inert", asleep);
    note.textContent = asleep ? "The controls need a kernel: run this cell again." : "";
  }
  look();
  button.on("comm_live_update", look);
  signal.addEventListener("abort", () => {
    button.off("comm_live_update", look);
    note.remove();
  });
}
