// The page itself: sliders, link, numbers and charts over the model.

const page = JSON.parse(document.getElementById("page-data").textContent);
const state = { values: { ...page.values }, along: null, choices: {} };
const byName = Object.fromEntries(page.sliders.map((slider) => [slider.name, slider]));
const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

const POINTS = 160;
const HALVINGS = 24;
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a"];
const DASHES = [[], [10, 4], [10, 4, 2, 4]];

function compute(values, brief) {
  return model(page.names.map((name) => values[name]), brief);
}

// --- values, from sliders, boxes, phases and the link --------------------------------------------

function fault(slider, value) {
  if (!Number.isFinite(value)) return "give a number";
  if (slider.integer && !Number.isInteger(value)) return `give a whole number in ${slider.interval}`;
  const [low, high] = [slider.least, slider.most];
  const below = low !== null && (slider.open[0] ? value <= low : value < low);
  const above = high !== null && (slider.open[1] ? value >= high : value > high);
  return below || above ? `outside ${slider.interval}` : "";
}

function set(name, value, source) {
  const slider = byName[name];
  const wrong = fault(slider, value);
  const box = document.getElementById(`box-${name}`);
  const range = document.getElementById(`slider-${name}`);
  document.getElementById(`fault-${name}`).textContent = wrong;
  box.setAttribute("aria-invalid", wrong ? "true" : "false");
  if (wrong) return false;
  state.values[name] = value;
  if (source !== box) box.value = String(value);
  if (source !== range) range.value = String(value);
  range.setAttribute("aria-valuetext", String(value));
  return true;
}

function fragment() {
  const changed = page.sliders.filter((s) => state.values[s.name] !== s.initial);
  const parts = changed.map((s) => [s.name, String(state.values[s.name])]);
  parts.push(["_along", state.along]);
  for (const [chart, choice] of Object.entries(state.choices)) parts.push([`_${chart}`, choice]);
  return `#${new URLSearchParams(parts)}`;
}

function restore() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const slider of page.sliders) {
    const text = given.get(slider.name);
    const value = text === null || text === "" ? slider.initial : Number(text);
    set(slider.name, fault(slider, value) ? slider.initial : value);
  }
  if (given.get("_along") in byName) state.along = given.get("_along");
  for (const chart of page.charts) {
    const wanted = given.get(`_${chart.id}`);
    if (chart.choices.some((choice) => choice.name === wanted)) state.choices[chart.id] = wanted;
  }
  for (const select of all("select")) {
    if (select.id === "along") select.value = state.along;
    if (select.dataset.choice) select.value = state.choices[select.dataset.choice];
  }
}

// --- numbers and verdicts ------------------------------------------------------------------------

const isAssumed = (blocks) => page.assumed.every((slot) => blocks.game[slot]);

function mark(element, holds) {
  element.classList.toggle("holds", holds);
  element.classList.toggle("fails", !holds);
  const sign = element.querySelector(".mark");
  if (sign) {
    sign.textContent = holds ? "✓" : "✗";
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", holds ? "holds" : "does not hold");
  }
}

function tell(blocks) {
  for (const element of all("data[data-slot]")) {
    const value = blocks[element.dataset.block][Number(element.dataset.slot)];
    element.value = String(value);
    element.textContent = shown(value);
  }
  for (const element of all("[data-holds]")) {
    mark(element, Boolean(blocks[element.dataset.block][Number(element.dataset.holds)]));
  }
  const assumed = isAssumed(blocks);
  for (const element of all(".equilibrium")) {
    const slots = element.dataset.all.split(" ").filter(Boolean).map(Number);
    const holds = assumed && slots.every((slot) => blocks[element.dataset.block][slot]);
    mark(element, holds);
    element.querySelector(".verdict").textContent = holds ? "holds now" : "does not hold now";
  }
  find("#status").textContent = page.types.length ? tellType(blocks) : tellEquilibria(assumed);
}

function tellEquilibria(assumed) {
  if (!assumed) return "These values break an assumption of the game: nothing is claimed here.";
  const names = all(".equilibrium.holds").map((element) => element.dataset.label);
  return names.length ? `Equilibria now: ${names.join("; ")}` : "No equilibrium listed holds here.";
}

function tellType(blocks) {
  const type = blocks.cluster[page.typeSlot];
  return `Most likely type of cluster now: ${page.types[type]}`;
}

// --- charts --------------------------------------------------------------------------------------

const curves = (chart) => chart.choices.find((c) => c.name === state.choices[chart.id]);

function readings(chart, blocks) {
  const assumed = !page.assumed.length || isAssumed(blocks);
  return curves(chart).series.map((s) => {
    const holds = assumed && s.holds.every((slot) => blocks[s.block][slot]);
    const value = Number(blocks[s.block][s.slot]);
    return holds && Number.isFinite(value) ? value : null;
  });
}

// What changes by a jump: which curves are there, which levels are sustained, the type.
function shape(blocks) {
  const found = page.charts.map((chart) => readings(chart, blocks).map(
    (v) => (v === null ? "-" : v > 0 ? "p" : "z")).join(""));
  return found.join("|") + (page.types.length ? blocks.cluster[page.typeSlot] : "");
}

function scan() {
  const { low, high, integer, name } = byName[state.along];
  const here = state.values[name];
  const [start, end] = [Math.min(low, here), Math.max(high, here)];
  const at = (x) => compute({ ...state.values, [name]: x }, true);
  const count = integer ? Math.min(end - start, 2 * POINTS) : POINTS;
  const grid = new Set([here]);
  for (let i = 0; i <= count; i++) {
    const x = start + ((end - start) * i) / count;
    grid.add(integer ? Math.round(x) : x);
  }
  const points = [...grid].sort((a, b) => a - b).map((x) => ({ x, blocks: at(x) }));
  const found = [];
  points.forEach((point, i) => {
    if (i && !integer) found.push(...jump(points[i - 1], point, at));
    found.push(point);
  });
  return found;
}

// The two points on either side of the place where the shape changes, if it does.
function jump(left, right, at) {
  const before = shape(left.blocks);
  if (before === shape(right.blocks)) return [];
  let [a, b] = [left, right];
  for (let i = 0; i < HALVINGS; i++) {
    const x = (a.x + b.x) / 2;
    if (x === a.x || x === b.x) break;
    const middle = { x, blocks: at(x) };
    if (shape(middle.blocks) === before) a = middle; else b = middle;
  }
  return [a, b].filter((p) => p.x !== left.x && p.x !== right.x);
}

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const plots = {};

function axis(label, size) {
  return { label, size, labelSize: 18, labelGap: 0, stroke: () => css("--ink"),
    font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif",
    grid: { stroke: () => css("--line"), width: 1 }, ticks: { stroke: () => css("--line") } };
}

// Where curves lie on one another, those below are drawn wider, so that each is seen.
function widths(columns) {
  return columns.map((column, i) => columns.slice(i + 1).filter((other) => other.some(
    (y, j) => y !== null && column[j] !== null && near(y, column[j]))).length);
}

function options(chart, width, below) {
  const choice = curves(chart);
  const height = Math.round(Math.max(220, Math.min(340, width * 0.6)));
  const lines = choice.series.map((s, i) => ({
    label: s.label,
    stroke: COLOURS[s.colour % COLOURS.length],
    width: s.dashed ? 2 : 2.5 + (width < 500 ? 1.8 : 3) * Math.min(4, below[i]),
    dash: s.dashed ? [4, 5] : DASHES[Math.floor(s.colour / COLOURS.length) % DASHES.length],
    cap: "butt",
    points: { show: false },
  }));
  const name = state.along;
  const words = choice.label.length * 6.4 > height - 70 ? choice.name.replace(/_/g, " ") : choice.label;
  return {
    width,
    height,
    pxAlign: 0,
    cursor: { drag: { x: false, y: false } },
    legend: { live: false, markers: { width: 3 } },
    scales: { x: { time: false }, y: { range: (_, low, high) => padded(low, high) } },
    series: [{ label: name }, ...lines],
    axes: [axis(clipped(byName[name].label, width - 80), 46), axis(words, 62)],
    hooks: { drawClear: [bands], draw: [marks, bandNames] },
  };
}

const clipped = (text, width) => (text.length * 6.4 > width ? `${text.slice(0, width / 6.4)}…` : text);

function padded(low, high) {
  if (low === null || !Number.isFinite(low)) return [0, 1];
  if (page.types.length) return [-0.05, Math.max(0.5, high) * 1.15];
  const room = high > low ? (high - low) * 0.06 : Math.max(0.5, Math.abs(low) * 0.2);
  return [low - room, high + room];
}

// The stretches of one type along the chart.
function stretches() {
  const found = [];
  for (const { x, blocks } of plots.points) {
    const type = blocks.cluster[page.typeSlot];
    const last = found[found.length - 1];
    if (last && last.type === type) last.end = x; else found.push({ type, start: x, end: x });
  }
  return found;
}

function bands(u) {
  if (!page.types.length) return;
  const { ctx, bbox } = u;
  ctx.save();
  for (const { type, start, end } of stretches()) {
    const [left, right] = [u.valToPos(start, "x", true), u.valToPos(end, "x", true)];
    ctx.fillStyle = css(type % 2 ? "--band-odd" : "--band-even");
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function bandNames(u) {
  if (!page.types.length) return;
  for (const { type, start, end } of stretches()) {
    const [left, right] = [u.valToPos(start, "x", true), u.valToPos(end, "x", true)];
    u.ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    if (u.ctx.measureText(page.types[type]).width > right - left) continue;
    write(u, page.types[type], (left + right) / 2, u.bbox.top + 14 * devicePixelRatio, "center");
  }
}

// Text with a halo, so that it is legible across lines.
function write(u, text, x, y, align) {
  const { ctx } = u;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = css("--ground");
  ctx.strokeText(text, x, y);
  ctx.fillStyle = css("--ink");
  ctx.fillText(text, x, y);
  ctx.restore();
}

// Where the slider stands, and the critical values of the parameter.
function marks(u) {
  const name = state.along;
  vertical(u, state.values[name], [], "--ink", "");
  const seen = {};
  for (const { parameter, label, block, slot } of page.marks) {
    const value = parameter === name ? plots.now[block][slot] : NaN;
    if (Number.isFinite(value)) (seen[value] = seen[value] || []).push(label.replace(/_/g, " "));
  }
  Object.entries(seen).sort((a, b) => a[0] - b[0]).forEach(([value, labels], i) => {
    vertical(u, Number(value), [3, 3], "--ink", labels.join(", "), i);
  });
}

function vertical(u, value, dash, colour, label, row = 0) {
  const { ctx, bbox } = u;
  const x = u.valToPos(value, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = css(colour);
  ctx.lineWidth = (dash.length ? 1 : 2) * unit;
  ctx.setLineDash(dash.map((part) => part * unit));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (label) {
    const isRight = x > bbox.left + bbox.width / 2;
    const height = bbox.top + bbox.height / 2 + 16 * row * unit;
    write(u, label, x + (isRight ? -5 : 5) * unit, height, isRight ? "right" : "left");
  } else {
    ctx.beginPath();
    ctx.moveTo(x - 6 * unit, bbox.top - 8 * unit);
    ctx.lineTo(x + 6 * unit, bbox.top - 8 * unit);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}

function draw() {
  plots.now = compute(state.values);
  plots.points = scan();
  for (const chart of page.charts) {
    const figure = find(`[data-chart="${chart.id}"]`);
    const holder = figure.querySelector(".plot");
    const rows = plots.points.map(({ blocks }) => readings(chart, blocks));
    const columns = curves(chart).series.map((_, i) => rows.map((row) => row[i]));
    const data = [plots.points.map((point) => point.x), ...columns];
    const width = holder.clientWidth;
    const below = widths(columns);
    const key = [width, state.along, state.choices[chart.id], ...below].join();
    const known = plots[chart.id];
    if (known && known.key === key) {
      known.plot.setData(data);
    } else {
      if (known) known.plot.destroy();
      plots[chart.id] = { key, plot: new uPlot(options(chart, width, below), data, holder) };
    }
    figure.querySelector(".label").textContent = curves(chart).label;
    document.getElementById(`told-${chart.id}`).textContent = told(chart, columns);
    holder.setAttribute("aria-label", `${chart.title} against ${byName[state.along].label}`);
  }
}

// The picture in words: between which values each curve is there, or which type is where.
function told(chart, columns) {
  const range = ([start, end]) => `${shown(start)} to ${shown(end)}`;
  if (page.types.length) {
    if (chart !== page.charts[0]) return "";
    const parts = stretches().map((s) => `${page.types[s.type]} (${range([s.start, s.end])})`);
    return `Along ${state.along}: ${parts.join(", then ")}.`;
  }
  const parts = curves(chart).series.flatMap((s, i) => {
    if (s.dashed) return [];
    const xs = plots.points.filter((_, j) => columns[i][j] !== null).map((point) => point.x);
    const where = xs.length ? range([xs[0], xs[xs.length - 1]]) : "nowhere";
    return [`${s.label} (${where})`];
  });
  return `Along ${state.along}: ${parts.join("; ")}.`;
}

// --- events --------------------------------------------------------------------------------------

let waiting = false;

function update() {
  tell(compute(state.values));
  find("#link").href = fragment();
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}

function begin() {
  state.along = find("#along").value || page.sliders[0].name;
  for (const chart of page.charts) state.choices[chart.id] = chart.choices[0].name;
  for (const { name } of page.sliders) {
    for (const input of [`slider-${name}`, `box-${name}`].map((id) => document.getElementById(id))) {
      input.addEventListener("input", () => {
        if (set(name, input.value === "" ? NaN : Number(input.value), input)) update();
      });
    }
  }
  find("#along").addEventListener("change", (event) => { state.along = event.target.value; update(); });
  for (const select of all("[data-choice]")) {
    select.addEventListener("change", () => {
      state.choices[select.dataset.choice] = select.value;
      update();
    });
  }
  for (const button of all("[data-preset]")) {
    button.addEventListener("click", () => {
      const values = page.presets[Number(button.dataset.preset)];
      Object.assign(state.values, values);
      for (const { name } of page.sliders) set(name, values[name]);
      update();
    });
  }
  find("#reset").addEventListener("click", () => {
    for (const { name, initial } of page.sliders) set(name, initial);
    update();
  });
  addEventListener("hashchange", () => { restore(); update(); });
  addEventListener("resize", update);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
  restore();
  update();
  const open = find(".equilibrium.holds");
  if (open && !page.types.length) all(".equilibrium.holds").forEach((e) => { e.open = true; });
}

begin();
