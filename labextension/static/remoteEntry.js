// JupyterLab loads this as it loads any extension; it is written by hand, so that nothing has to be built.
//
// The words of nbgrader's dialog for success are fixed in its code: "passes all the tests". A student would take them
// for the mark. What the dialog says of cells that fail comes from Python, see course/validate.py.
const SAID = "Success! Your notebook passes all the tests.";
const MEANT = "Success! Your notebook passes all visible cases; the mark also counts hidden cases.";
const OURS = /^\s*(from|import)\s+course\b.*\bchecks\b/m; // notebooks of other courses keep nbgrader's words

function isOurs(app) {
  const cells = app.shell.currentWidget?.content?.model?.cells ?? [];
  return Array.from(cells).some(cell => cell.type === "code" && OURS.test(cell.sharedModel.source));
}

const extension = {
  id: "course:validate",
  autoStart: true,
  activate: app => {
    const observer = new MutationObserver(() => {
      for (const line of document.querySelectorAll("#validation-message.validation-success p")) {
        if (line.textContent === SAID && isOurs(app)) line.textContent = MEANT;
      }
    });
    observer.observe(document.body, { childList: true }); // where JupyterLab puts its dialogs
  },
};

window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["course"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: extension }),
};
