// Rows on a line of time: one row of the drawing for each row of the answer that has a time.

import { pageOf, textOf } from "./terms.js";
import { clip, framed, linked, svg } from "./svg.js";

const MOST = 200;
const [WIDTH, LINE, LEFT, TOP] = [900, 22, 20, 30];
const DAY = 86_400_000;
const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?[?~%]?$/;

/** Return [first day, last day] in milliseconds for an EDTF or XSD time, null where `text` is none; an open end is null. */
export function readTime(text) {
  const inner = text.replace(/^\[(.*)\]$/, "$1");
  const parts = inner.includes("..") && !inner.includes("/") ? inner.split("..") : inner.split("/");
  if (parts.length > 2 || text.length > 60) return null;
  const spans = parts.map((part) => readDate(part.replaceAll("..", "").trim()));
  if (spans.some((span) => span === undefined) || spans.every((span) => span === null)) return null;
  return [spans[0]?.[0] ?? null, spans[spans.length - 1]?.[1] ?? null];
}

/** Return the first and last day of a date, null for an open end, undefined for what is no date. */
function readDate(text) {
  if (text === "") return null;
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map((part) => part && Number(part));
  if (month > 12 || day > 31) return undefined;
  const start = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  const end = day ? start : month ? Date.UTC(year, month, 0) : Date.UTC(year, 11, 31);
  return [start, end];
}

/** Return the column with the most times, null where no column has any in half of its rows. */
export function timeColumn(answer) {
  let [best, most] = [null, 0];
  for (const column of answer.columns) {
    const values = answer.rows.map((row) => row[column]).filter((term) => term?.type === "literal");
    const times = values.filter((term) => readTime(term.value)).length;
    if (times > most && times * 2 >= values.length) [best, most] = [column, times];
  }
  return best;
}

/** Draw the rows of `answer` that have a time into `target`, the earliest first. */
export function drawTimeline(target, answer, site) {
  const column = timeColumn(answer);
  const items = answer.rows.map((row) => readItem(row, column, answer, site)).filter((item) => item.time);
  const once = new Map(items.map((item) => [item.key, item]));
  const dated = [...once.values()].sort((a, b) => (a.time[0] ?? a.time[1]) - (b.time[0] ?? b.time[1]));
  const shown = dated.slice(0, MOST);
  const days = shown.flatMap(({ time }) => time.filter((day) => day !== null));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const place = (day) => LEFT + ((day - first) / Math.max(last - first, DAY)) * (WIDTH - 2 * LEFT);
  const height = TOP + shown.length * LINE + 10;
  const picture = svg("svg", {
    class: "editor-timeline",
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: "group",
    "aria-label": `${shown.length} rows in order of ${column}`,
  });
  for (const day of ticks(first, last)) picture.append(...drawTick(place(day), day, last - first, height));
  shown.forEach((item, i) => picture.append(drawItem(item, TOP + i * LINE + LINE / 2, place)));
  const note = document.createElement("p");
  const undated = answer.rows.length - items.length;
  note.textContent =
    `By ?${column}; rows of one thing at one time are drawn once. A bar is a time within which it was, or that it lasted; ` +
    "a pale one is open at an end." +
    (undated ? ` ${undated} rows have no time.` : "") +
    (dated.length > MOST ? ` ${dated.length - MOST} later ones are not drawn.` : "");
  target.replaceChildren(framed(picture, "Line of time"), note);
}

function* ticks(first, last) {
  const years = (last - first) / (365 * DAY);
  const step = years > 12 ? 24 : years > 3 ? 12 : years > 1 ? 3 : 1; // months
  const start = new Date(first);
  for (let month = start.getUTCMonth() + 1; ; month += 1) {
    const day = Date.UTC(start.getUTCFullYear(), month, 1);
    if (day > last) return;
    const date = new Date(day);
    if ((date.getUTCFullYear() * 12 + date.getUTCMonth()) % step === 0) yield day;
  }
}

function drawTick(x, day, span, height) {
  const text = new Date(day).toISOString().slice(0, span > 3 * 365 * DAY ? 4 : 7);
  return [
    svg("line", { x1: x, x2: x, y1: TOP - 8, y2: height, class: "editor-tick" }),
    svg("text", { x, y: TOP - 14, class: "editor-tick-name" }, text),
  ];
}

/** Return what is drawn of a row: its time (null where it has none), its words, its page, and what makes it the same. */
function readItem(row, column, answer, site) {
  const time = row[column]?.type === "literal" ? readTime(row[column].value) : null;
  const thing = answer.columns.map((name) => row[name]).find((term) => term?.type === "uri");
  const words = answer.columns
    .filter((name) => name !== column && row[name]?.type === "literal" && !readTime(row[name].value))
    .map((name) => row[name].value);
  const text = `${row[column]?.value}  ${words.join(" · ") || textOf(thing, site.prefixes)}`;
  const href = thing ? pageOf(thing.value, site) : "";
  return { time, text, href, key: JSON.stringify([row[column]?.value, thing?.value ?? text]) };
}

function drawItem({ time, text, href }, y, place) {
  const [start, end] = time;
  const open = start === null || end === null ? " editor-open" : "";
  const from = start === null ? Math.max(place(end) - 40, 6) : place(start);
  const to = end === null ? Math.min(place(start) + 40, WIDTH - 6) : place(end);
  const bar = { x: from - 4, y: y - 4, width: Math.max(to - from, 0) + 8, height: 8, rx: 4 };
  const leftward = from > WIDTH * 0.5;
  const label = { x: leftward ? from - 10 : to + 10, y: y + 4, "text-anchor": leftward ? "end" : "start" };
  return linked(
    href,
    svg("title", {}, text),
    svg("rect", { ...bar, class: "editor-bar" + open }),
    svg("text", { ...label, class: "editor-item" }, clip(text, 70)),
  );
}
