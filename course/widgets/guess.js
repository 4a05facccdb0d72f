// A question with radio buttons, or a number, for the reader's guess. Python keeps `chosen`; null is no guess.

let count = 0; // radio buttons of one question share a name

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  el.classList.add("course-guess");
  const say = element("span", { class: "course-guess-said", role: "status" });
  const clear = element("button", { type: "button", class: "course-guess-clear" }, "Clear");
  const answers = element("div", { class: "course-guess-answers" });
  const box = element("fieldset", {}, element("legend", {}, element("b", {}, "Guess. "), model.get("question")), answers);
  const labels = model.get("labels");
  const inputs = labels.length ? labels.map(choice) : [number()];
  answers.append(clear, say);
  el.append(box);

  function choose(value) {
    model.set("chosen", value);
    model.save_changes();
    draw();
  }

  function choice(label, index) {
    const input = element("input", { type: "radio", name: `course-guess-${count}`, value: index });
    input.addEventListener("change", () => choose(index));
    answers.append(element("label", {}, input, label));
    return input;
  }

  function number() {
    const [min, max] = model.get("bounds");
    const input = element("input", { type: "number", min, max, step: model.get("step"), size: 8 });
    const set = element("button", { type: "button" }, "Guess");
    const send = () => input.value !== "" && input.checkValidity() && choose(Number(input.value));
    input.addEventListener("keydown", (event) => event.key === "Enter" && send());
    set.addEventListener("click", () => (input.reportValidity(), send()));
    answers.append(element("label", {}, `From ${min} to ${max}${model.get("unit")}: `, input), set);
    return input;
  }

  function draw() {
    const chosen = model.get("chosen");
    inputs.forEach((input, index) => {
      if (input.type === "radio") input.checked = chosen === index;
      else if (document.activeElement !== input || chosen === null) input.value = chosen ?? "";
    });
    clear.hidden = chosen === null;
    say.textContent = chosen === null ? "" : "Marked in the picture below.";
  }

  count += 1;
  // keys typed here are the reader's; Ctrl+S and the like still reach JupyterLab, as from explorers (controls.js)
  box.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  clear.addEventListener("click", () => {
    inputs[0].focus();
    choose(null);
  });
  model.on("change:chosen", draw);
  draw();
  return () => model.off("change:chosen", draw);
}

export default { render };
