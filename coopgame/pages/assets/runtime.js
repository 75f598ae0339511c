"use strict";
// What generated functions call, and how a game or a cluster is worked out at a point.
// The same steps as coopgame/language/roots.py and coopgame/forms/level/news.py,
// for one point in double precision; of a case the numbers were worked out beforehand.

const near = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
const ge = (a, b) => a >= b || near(a, b);
const gt = (a, b) => a > b && !near(a, b);
const eq = (a, b) => a === b || near(a, b);
const floor = (x) => (near(x, Math.round(x)) ? Math.round(x) : Math.floor(x));
const ceil = (x) => -floor(-x);

// --- levels without a closed form: polynomials by their coefficients, the leading one first ------

const valueOf = (p, x) => p.reduce((total, c) => total * x + c, 0);

function slopeOf(p) {
  const found = p.slice(0, -1).map((c, i) => c * (p.length - 1 - i));
  return found.length ? found : [0];
}

// Points between which a polynomial keeps its sign: its roots, bracketed by those of its slope.
function cuts(p, low, high) {
  if (p.length < 2) return [];
  const points = [low, ...cuts(slopeOf(p), low, high), high];
  return points.slice(1).map((end, i) => crossing(p, points[i], end));
}

function crossing(p, low, high) {
  const rising = valueOf(p, high) > 0;
  if (valueOf(p, low) > 0 === rising) return high;
  let [a, b] = [low, high];
  for (let i = 0; i < 200 && b - a > 0; i++) {
    const x = (a + b) / 2;
    if (x === a || x === b) break;
    if (valueOf(p, x) > 0 === rising) b = x; else a = x;
  }
  return (a + b) / 2;
}

function implicitRoot(p, low, high) {
  const rising = cuts(p, low, high).filter(
    (x) => x > low && x < high && valueOf(slopeOf(p), x) > 0 && small(p, x));
  return rising.length ? rising[0] : NaN;
}

const sizeOf = (p, x) => p.reduce((total, c) => total * Math.max(1, Math.abs(x)) + Math.abs(c), 0);
const small = (p, x) => Math.abs(valueOf(p, x)) <= 1e-10 * sizeOf(p, x);

function product(p, q) {
  const found = new Array(p.length + q.length - 1).fill(0);
  p.forEach((a, i) => q.forEach((b, j) => { found[i + j] += a * b; }));
  return found;
}

function peakLevel([top, bottom]) {
  const [left, right] = [product(slopeOf(top), bottom), product(top, slopeOf(bottom))];
  const size = Math.max(left.length, right.length);
  const padded = [left, right].map((p) => [...new Array(size - p.length).fill(0), ...p]);
  const steep = padded[0].map((c, i) => c - padded[1][i]);
  if (steep.every((c) => c === 0)) return 1;
  let [best, pays] = [0, valueOf(top, 0) / valueOf(bottom, 0)];
  for (const x of [...cuts(steep, 0, 1), 1]) {
    const here = valueOf(top, x) / valueOf(bottom, x);
    if (here >= pays) [best, pays] = [x, here];
  }
  return best;
}

function enforced(excesses, payoff) {
  const cap = peakLevel(payoff);
  const reached = cap > 0 && excesses.every((f) => valueOf(f, cap) < 0);
  const points = [0, cap, ...excesses.flatMap((f) => cuts(f, 0, cap))].sort((a, b) => a - b);
  let [lowest, highest] = [null, 0];
  for (let i = 1; i < points.length; i++) {
    const [start, end] = [points[i - 1], points[i]];
    const middle = (start + end) / 2;
    if (end - start > 1e-9 && excesses.every((f) => valueOf(f, middle) < 0)) {
      if (lowest === null) lowest = start;
      highest = end;
    }
  }
  return { lowest: lowest === null ? 0 : lowest, highest: reached ? cap : highest };
}

const highestLevel = (excesses, payoff) => enforced(excesses, payoff).highest;
const lowestLevel = (excesses, payoff) => enforced(excesses, payoff).lowest;

// --- who hears of a breach: the most that a gain may be if no plan of breaches is to pay ---------

function lost(left, spread, isPublic) {
  const others = left - 1;
  if (isPublic) return others === 0 ? [[0, 1]] : [[0, spread], [others, 1 - spread]];
  const found = [];
  for (let hear = 0, ways = 1; hear <= others; hear++) {
    found.push([others - hear, ways * spread ** hear * (1 - spread) ** (others - hear)]);
    ways = (ways * (others - hear)) / (hear + 1);
  }
  return found;
}

function newsBound(partners, spread, weight, detection, isPublic) {
  const share = spread + (1 - spread) / partners;
  let gain = (detection * share * weight) / (1 - weight);
  const breaching = (left, values) => {
    const met = left / partners;
    const after = [0, 1].map((part) => lost(left, spread, isPublic).reduce(
      (total, [kept, chance]) => total + chance * values[kept][part], 0));
    const stay = 1 - weight * (1 - met * detection);
    return after.map((a, part) => (met * (1 + weight * detection * a)) / stay);
  };
  for (let i = 0; i < 200; i++) {
    const values = [[0, 0]];
    for (let left = 1; left <= partners; left++) {
      const keep = [left / partners / (1 - weight), 0];
      const breach = breaching(left, values);
      const worth = (v) => v[0] + v[1] * gain;
      values.push(worth(breach) > worth(keep) ? breach : keep);
    }
    const breach = breaching(partners, values);
    const lower = -(breach[0] - 1 / (1 - weight)) / breach[1];
    if (lower >= gain || near(lower, gain)) return gain;
    gain = lower;
  }
  return gain;
}

// --- numbers as a reader sees them ----------------------------------------------------------------

// Three significant digits, and those before the point in any case; zeros at the end say that the
// number was rounded. The same rule as `approximate` in coopgame/language/numerals.py.
function shown(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "none" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e9)) return signed(value.toExponential(2).replace(/\.?0+e/, "e"));
  const text = size >= 100 ? value.toFixed(0) : value.toPrecision(3);
  const isExact = Math.abs(Number(text) - value) <= 1e-12 * size;
  return signed(isExact ? String(Number(text)) : text);
}

const signed = (text) => text.replace(/^-/, "−").replace("e-", "e−").replace("e+", "e");

// --- models: from the parameters to what every block of the page shows ---------------------------

function gameModel(id, evaluate) {
  return (values) => ({ [id]: evaluate(values) });
}

// A case: shares of types and levels on a grid of phase, hazard and trust, worked out beforehand;
// between grid points straight lines. The last entry is the number of the most likely type.
function tableModel({ axes, types, rows, stated }) {
  const answered = (found) => {
    const shares = found.slice(0, types);
    return { cluster: [...found, shares.indexOf(Math.max(...shares))] };
  };
  return (values) => {
    const here = stated.find(({ at }) => at.every((x, i) => Math.abs(x - values[i]) < 1e-9));
    if (here) return answered(here.row);
    let corners = [[0, 1]];
    axes.forEach((axis, k) => {
      const x = Math.min(Math.max(values[k], axis[0]), axis[axis.length - 1]);
      let i = 0;
      while (i < axis.length - 2 && axis[i + 1] <= x) i++;
      const part = axis.length > 1 ? (x - axis[i]) / (axis[i + 1] - axis[i]) : 0;
      corners = corners.flatMap(([at, weight]) => [
        [at * axis.length + i, weight * (1 - part)],
        ...(part > 0 ? [[at * axis.length + i + 1, weight * part]] : []),
      ]);
    });
    return answered(rows[0].map((_, j) => corners.reduce(
      (total, [at, weight]) => total + weight * rows[at][j], 0)));
  };
}
