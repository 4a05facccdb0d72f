// Shows PNG bytes with alt text, and texts in live regions. Also names the handles of ipywidgets' sliders,
// which come without a label, and tells Python the theme of the page.

// JupyterLab says its theme on <body>; elsewhere the background colour tells.
function pageTheme() {
  const said = document.body.dataset.jpThemeLight;
  if (said !== undefined) return said === "true" ? "light" : "dark";
  const [r, g, b, a = 1] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
  return a > 0 && 0.3 * r + 0.6 * g + 0.1 * b < 110 ? "dark" : "light";
}

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
      setIfNew(handle, "data-lm-suppress-shortcuts", "true"); // arrows move the slider, not the notebook
    }
    if (readout && label) {
      setIfNew(readout, "role", "textbox");
      setIfNew(readout, "aria-label", `${label}, as a number`);
    }
  }
}

// Calls back when the view stands in the page; a widget is rendered before that.
function whenConnected(node, callback, signal) {
  if (signal.aborted) return;
  if (node.isConnected) callback();
  else requestAnimationFrame(() => whenConnected(node, callback, signal));
}

function render({ model, el }) {
  const gone = new AbortController();
  el.classList.add("course-picture");
  const image = element("img", "course-picture-image");
  const status = element("p", "course-picture-status", { "aria-hidden": "true" });
  const spoken = element("p", "course-picture-spoken", { role: "status", "aria-live": "polite" });
  const error = element("pre", "course-picture-error", { role: "alert", tabindex: "-1" });
  const readout = element("div", "course-picture-readout", { "aria-live": "polite" });
  const frame = element("div", "course-picture-frame");
  frame.append(image, status);
  el.append(frame, spoken, error, readout);

  let newest = 0;
  let shownUrl = null;
  async function drawPng() {
    const bytes = model.get("png");
    if (!bytes?.byteLength) return;
    const mine = ++newest;
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    const decoded = new Image();
    decoded.src = url;
    await decoded.decode().catch(() => {}); // decoded before it is shown: no blank frame in between
    if (mine !== newest || gone.signal.aborted) return URL.revokeObjectURL(url);
    image.src = url;
    image.alt = model.get("alt");
    image.dataset.frame = mine;
    if (shownUrl) URL.revokeObjectURL(shownUrl);
    shownUrl = url;
  }

  function drawText() {
    image.alt = model.get("alt");
    frame.style.width = `${model.get("width")}px`;
    image.classList.toggle("course-picture-stale", model.get("stale"));
    status.textContent = model.get("status");
    const words = model.get("status").replace(/ \([^)]*\)/, ""); // the seconds are seen, not spoken
    if (spoken.textContent !== words) spoken.textContent = words;
    if (error.textContent !== model.get("error")) error.textContent = model.get("error");
    error.tabIndex = model.get("error") ? 0 : -1; // a long traceback scrolls, by keyboard as well
    if (readout.textContent !== model.get("readout")) readout.textContent = model.get("readout");
  }

  function tellPage() {
    const scale = Math.min(Math.max(window.devicePixelRatio || 1, 1), 2);
    if (model.get("page_theme") === pageTheme() && model.get("page_scale") === scale) return;
    model.set("page_theme", pageTheme());
    model.set("page_scale", scale);
    model.save_changes();
  }

  const texts = ["alt", "width", "stale", "status", "error", "readout"];
  model.on("change:png", drawPng);
  for (const name of texts) model.on(`change:${name}`, drawText);
  drawText();
  drawPng();
  tellPage();

  const themes = new MutationObserver(tellPage);
  themes.observe(document.body, { attributes: true });
  let sliders = null;
  whenConnected(el, () => {
    const explorer = el.closest(".course-explorer");
    if (!explorer) return;
    nameSliders(explorer);
    sliders = new MutationObserver(() => nameSliders(explorer));
    sliders.observe(explorer, { childList: true, characterData: true, subtree: true });
  }, gone.signal);

  return () => {
    gone.abort();
    themes.disconnect();
    sliders?.disconnect();
    model.off("change:png", drawPng);
    for (const name of texts) model.off(`change:${name}`, drawText);
    if (shownUrl) URL.revokeObjectURL(shownUrl);
  };
}

export default { render };
