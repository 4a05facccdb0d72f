// What the page around an explorer is, and how fine its pixels are.

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

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text; // what did not change is not spoken again
}

// Tells Python, which draws for it.
function tellPage(model) {
  const scale = Math.min(Math.max(window.devicePixelRatio || 1, 1), 2);
  if (model.get("page_theme") === pageTheme() && model.get("page_scale") === scale) return;
  model.set("page_theme", pageTheme());
  model.set("page_scale", scale);
  model.save_changes();
}
