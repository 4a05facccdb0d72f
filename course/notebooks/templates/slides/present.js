// Shows one slide of the page at a time: a cell of type slide or subslide begins one, a fragment joins it at the next
// step, cells to skip and notes are left out. The place stands in the address, so that a reload stays on the slide.
const steps = []; // each step: the cells that are seen
for (const cell of document.querySelectorAll(".course-cell")) {
  const kind = cell.dataset.slide;
  if (kind === "skip" || kind === "notes") continue;
  if (kind === "slide" || kind === "subslide" || !steps.length) steps.push([cell]);
  else if (kind === "fragment") steps.push([...steps.at(-1), cell]);
  else steps.at(-1).push(cell);
}

const place = document.createElement("div");
place.className = "course-place";
place.setAttribute("role", "status");
document.body.append(place);
document.body.classList.add("course-presented");

let current = -1;
function show(step) {
  const next = Math.min(Math.max(step, 0), steps.length - 1);
  if (next === current || Number.isNaN(next)) return;
  const grows = next > 0 && steps[next].includes(steps[next - 1][0]); // a fragment: the slide stays where it is
  for (const cell of document.querySelectorAll(".course-shown")) cell.classList.remove("course-shown");
  for (const cell of steps[next]) cell.classList.add("course-shown");
  if (grows && current === next - 1) steps[next].at(-1).scrollIntoView({ block: "nearest" });
  else scrollTo(0, 0);
  current = next;
  place.textContent = `${current + 1} of ${steps.length}`;
  history.replaceState(null, "", `#${current + 1}`);
}

const MOVES = {
  ArrowRight: () => current + 1, PageDown: () => current + 1, " ": () => current + 1,
  ArrowLeft: () => current - 1, PageUp: () => current - 1,
  Home: () => 0, End: () => steps.length - 1,
};
addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  const inControl = event.target.closest("summary, input, button, a");
  if (!move || event.ctrlKey || event.metaKey || event.altKey || (inControl && event.key === " ")) return;
  event.preventDefault();
  show(move());
});
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1));
show(location.hash ? Number(location.hash.slice(1)) - 1 : 0);
if (current < 0) show(0);
