// Puts a cursor into the charts: by pointer, or by arrow keys once a chart has the focus. Charts say the same without it, in their
// texts and tables.
const { start, end, faults, charts } = JSON.parse(document.getElementById("charts").textContent);
const bigStep = 10;

function seconds(ms) {
  return `${ms < 0 ? "−" : ""}${(Math.abs(ms) / 1000).toFixed(2)} s`;
}

/** Bytes in powers of 1,000, as the rest of the page has them. */
function amount(value, unit) {
  if (!/^ B(\/s)?$/.test(unit)) return value.toLocaleString("en-US") + unit;
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)));
  const scaled = value / 1000 ** power;
  const digits = scaled < 10 && power > 0 ? 1 : 0;
  return `${scaled.toFixed(digits)} ${["", "k", "M", "G", "T"][power]}${unit.trim()}`;
}

/** The last moment that is not later. */
function indexAt(moments, ms) {
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (moments[middle] <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

function describe({ at, series }, index) {
  const values = series
    .map(({ name, unit, values }) => [name, unit, values[index]])
    .map(([name, unit, value]) => `${name} ${value === null ? "not known" : amount(value, unit)}`);
  const inForce = faults.filter((fault) => fault.start <= at[index] && at[index] <= fault.end);
  const state = inForce.length === 0 ? "" : `; in force: ${inForce.map(({ name }) => name).join(", ")}`;
  return `${seconds(at[index])}: ${values.join(", ")}${state}`;
}

function addCursor(canvas) {
  const readout = charts[canvas.dataset.chart];
  if (!readout || readout.at.length === 0) return;
  const pad = document.createElement("div");
  const line = document.createElement("div");
  const output = document.createElement("output");
  const last = readout.at.length - 1;
  let index = 0;
  pad.className = "pad";
  line.className = "cursor";
  output.className = "readout idle";
  pad.tabIndex = 0;
  for (const [name, value] of Object.entries({
    role: "slider",
    "aria-label": `Time cursor of the chart ${canvas.dataset.title}`,
    "aria-valuemin": 0,
    "aria-valuemax": last,
  }))
    pad.setAttribute(name, value);
  output.setAttribute("aria-live", "polite");
  output.textContent = "Point at the chart, or focus it and use the arrow keys, to read its figures.";

  function moveTo(next) {
    index = Math.min(last, Math.max(0, next));
    const text = describe(readout, index);
    pad.setAttribute("aria-valuenow", index);
    pad.setAttribute("aria-valuetext", seconds(readout.at[index]));
    line.style.left = `${((readout.at[index] - start) / (end - start)) * 100}%`;
    line.classList.add("shown");
    output.textContent = text;
    output.classList.remove("idle");
  }
  pad.setAttribute("aria-valuenow", 0);
  pad.setAttribute("aria-valuetext", seconds(readout.at[0]));
  pad.addEventListener("focus", () => moveTo(index));
  pad.addEventListener("pointermove", (event) => {
    const { left, width } = pad.getBoundingClientRect();
    moveTo(indexAt(readout.at, start + ((event.clientX - left) / width) * (end - start)));
  });
  pad.addEventListener("keydown", (event) => {
    const steps = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: bigStep,
      PageDown: -bigStep,
      Home: -last,
      End: last,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    moveTo(index + step);
  });
  pad.append(line);
  canvas.append(pad);
  canvas.after(output);
}

for (const canvas of document.querySelectorAll(".canvas")) addCursor(canvas);

// What is folded away would be missing on paper.
const opened = new Set();
matchMedia("print").addEventListener("change", ({ matches }) => {
  for (const details of document.querySelectorAll(matches ? "details:not([open])" : "details[open]")) {
    if (matches) opened.add(details);
    if (opened.has(details)) details.open = matches;
  }
  if (!matches) opened.clear();
});
