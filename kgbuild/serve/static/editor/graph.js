// An answer as a drawing of things and what links them. The same answer gives the same drawing.

import { pageOf, textOf } from "./terms.js";
import { clip, framed, linked, svg } from "./svg.js";

const MOST = 60; // things that are drawn; more cannot be read
const NAMED = 40; // links up to which each has its name beside it
const ROUNDS = 200;
const SIZE = 900;
const HEIGHT = 630;

/** Return whether there is something to draw. */
export function canDrawGraph(answer) {
  return linksOf(answer).length > 0;
}

/**
 * Return the links of an answer as [from, label, to]. Columns that a triple pattern of the query joins are linked by
 * it; where none does, the first thing of a row is linked with the others.
 */
function linksOf(answer) {
  if (answer.kind === "triples") return answer.triples.filter(([, , object]) => object.type !== "literal");
  const isThing = (term) => term?.type === "uri" || term?.type === "bnode";
  const links = [];
  const patterns = answer.patterns.filter(([from, , to]) => [from, to].every((name) => answer.columns.includes(name)));
  for (const row of answer.rows) {
    const [first, ...others] = answer.columns.filter((column) => isThing(row[column]));
    const joined = patterns.length ? patterns : others.map((column) => [first, column, column]);
    for (const [from, label, to] of joined) {
      if (isThing(row[from]) && isThing(row[to])) links.push([row[from], { type: "literal", value: label }, row[to]]);
    }
  }
  return links;
}

/** Return the names that the answer itself has for its things: ?firmLabel names ?firm, rdfs:label names its subject. */
function namesIn(answer) {
  const names = new Map();
  if (answer.kind === "triples") {
    for (const [subject, predicate, object] of answer.triples) {
      if (predicate.value.endsWith("#label") && object.type === "literal") names.set(subject.value, object.value);
    }
    return names;
  }
  for (const row of answer.rows) {
    for (const column of answer.columns) {
      const label = row[column + "Label"];
      if (row[column]?.type === "uri" && label) names.set(row[column].value, label.value);
    }
  }
  return names;
}

/** Draw the things of `answer` into `target`; `askNames` gets IRIs and returns a promise of a Map of their labels. */
export async function drawGraph(target, answer, site, askNames) {
  const { things, links, left } = collect(linksOf(answer));
  const names = namesIn(answer);
  const unnamed = things.filter((thing) => !names.has(thing.iri)).map((thing) => thing.iri);
  for (const [iri, name] of await askNames(unnamed)) names.set(iri, name);
  layOut(things, links);
  const picture = svg("svg", {
    class: "editor-graph",
    viewBox: `0 0 ${SIZE} ${HEIGHT}`,
    role: "group",
    "aria-label": `${things.length} things and ${links.length} links between them`,
  });
  picture.append(arrowHead(), ...links.map((link) => drawLink(link, links.length <= NAMED, site)));
  for (const thing of things) picture.append(drawThing(thing, names.get(thing.iri), site));
  const note = document.createElement("p");
  note.textContent =
    (left ? `${MOST} things are drawn, ${left} more are in the table. ` : "") +
    "Drag to move, turn the wheel or use the buttons to come closer; a thing leads to its page.";
  target.replaceChildren(buttonsFor(picture), framed(picture, "Drawing of the answer"), note);
}

function collect(found) {
  const byIri = new Map();
  const seen = new Set();
  const links = [];
  const left = new Set();
  const thing = (term) => {
    if (!byIri.has(term.value)) {
      if (byIri.size >= MOST) {
        left.add(term.value);
        return null;
      }
      byIri.set(term.value, { iri: term.value, term, degree: 0 });
    }
    return byIri.get(term.value);
  };
  for (const [from, label, to] of found) {
    const key = JSON.stringify([from.value, label.value, to.value]);
    if (seen.has(key) || from.value === to.value) continue;
    seen.add(key);
    const [start, end] = [thing(from), thing(to)];
    if (!start || !end) continue;
    start.degree += 1;
    end.degree += 1;
    links.push({ start, end, label });
  }
  return { things: [...byIri.values()], links, left: left.size };
}

/** Give each thing x and y: springs along the links, repulsion between all (Fruchterman and Reingold 1991). */
function layOut(things, links) {
  const ideal = 0.75 * Math.sqrt((SIZE * HEIGHT) / things.length);
  things.forEach((thing, i) => {
    // Points of a sunflower: spread out, and the same each time.
    const [angle, radius] = [i * 2.39996, SIZE * Math.sqrt((i + 0.5) / things.length)];
    thing.x = radius * Math.cos(angle);
    thing.y = radius * Math.sin(angle);
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const reach = 0.15 * SIZE * (1 - round / ROUNDS) + 1;
    // What is linked with nothing drawn would drift away: all are drawn to the middle a little.
    for (const thing of things) [thing.dx, thing.dy] = [-thing.x * 0.4, -thing.y * 0.4];
    things.forEach((a, i) => things.slice(0, i).forEach((b) => push(a, b, (d) => (ideal * ideal) / d)));
    for (const { start, end } of links) push(start, end, (d) => (-d * d) / ideal);
    for (const thing of things) {
      const length = Math.hypot(thing.dx, thing.dy) || 1;
      thing.x += (thing.dx / length) * Math.min(length, reach);
      thing.y += (thing.dy / length) * Math.min(length, reach);
    }
  }
  fit(things, "x", 110, SIZE - 110);
  fit(things, "y", 35, HEIGHT - 20);
}

/** Stretch the places along `axis` over the range that is drawn. */
function fit(things, axis, least, most) {
  const places = things.map((thing) => thing[axis]);
  const [low, high] = [Math.min(...places), Math.max(...places)];
  for (const thing of things) {
    thing[axis] = high > low ? least + ((thing[axis] - low) / (high - low)) * (most - least) : (least + most) / 2;
  }
}

function push(a, b, force) {
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  const distance = Math.max(Math.hypot(dx, dy), 0.01);
  const share = force(distance) / distance;
  a.dx += dx * share;
  a.dy += dy * share;
  b.dx -= dx * share;
  b.dy -= dy * share;
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

function arrowHead() {
  const shape = svg("path", { d: "M0 0 L8 4 L0 8 z", class: "editor-arrow" });
  const marker = { id: "editor-arrow", viewBox: "0 0 8 8", refX: "15", refY: "4", orient: "auto" };
  return svg("defs", {}, svg("marker", { ...marker, markerWidth: "8", markerHeight: "8" }, shape));
}

function drawLink({ start, end, label }, isNamed, site) {
  const text = label.type === "uri" ? textOf(label, site.prefixes) : label.value;
  const line = { x1: start.x, y1: start.y, x2: end.x, y2: end.y, class: "editor-link" };
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 - 3, class: "editor-link-name" };
  const parts = [svg("title", {}, text), svg("line", { ...line, "marker-end": "url(#editor-arrow)" })];
  if (isNamed) parts.push(svg("text", middle, clip(text, 24)));
  return svg("g", {}, ...parts);
}

function drawThing({ x, y, term, degree }, name, site) {
  const full = name ?? textOf(term, site.prefixes);
  return linked(
    pageOf(term.value, site),
    svg("title", {}, full),
    svg("circle", { cx: x, cy: y, r: 5 + Math.min(degree, 9), class: "editor-thing" }),
    svg("text", { x, y: y - 10 - Math.min(degree, 9), class: "editor-thing-name" }, clip(full, 34)),
  );
}

/** Return buttons that come closer and go back, and let the wheel and the pointer do the same. */
function buttonsFor(picture) {
  const whole = { x: 0, y: 0, width: SIZE, height: HEIGHT };
  let box = { ...whole };
  const show = () => picture.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  const zoom = (factor) => {
    const width = clamp(box.width * factor, SIZE / 8, SIZE * 2);
    const height = (width * whole.height) / whole.width;
    box = { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
    show();
  };
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!(event.buttons & 1)) return;
    const scale = box.width / picture.clientWidth;
    box.x -= event.movementX * scale;
    box.y -= event.movementY * scale;
    show();
  });
  const group = document.createElement("div");
  group.className = "editor-buttons";
  for (const [text, action] of [
    ["Closer", () => zoom(1 / 1.4)],
    ["Farther", () => zoom(1.4)],
    ["All", () => { box = { ...whole }; show(); }],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    group.append(button);
  }
  return group;
}
