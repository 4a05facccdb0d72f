// Shows PNG bytes with alt text, and texts in live regions. Also looks after the controls of the explorer around it
// (controls.js), and tells Python the theme of the page.

// JupyterLab says its theme on <body>; elsewhere the background colour tells.
function pageTheme() {
  const said = document.body.dataset.jpThemeLight;
  if (said !== undefined) return said === "true" ? "light" : "dark";
  const [r, g, b, a = 1] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
  return a > 0 && 0.3 * r + 0.6 * g + 0.1 * b < 110 ? "dark" : "light";
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
  whenConnected(el, () => {
    const explorer = el.closest(".course-explorer");
    if (explorer) tendControls(explorer, gone.signal);
  }, gone.signal);

  return () => {
    gone.abort();
    themes.disconnect();
    model.off("change:png", drawPng);
    for (const name of texts) model.off(`change:${name}`, drawText);
    if (shownUrl) URL.revokeObjectURL(shownUrl);
  };
}

export default { render };
