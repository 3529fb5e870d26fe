// Rows as a table that sorts and filters, a hundred rows at a time.

import { drawTerm, isNumber, textOf } from "./terms.js";

const STEP = 100;

/** Draw the rows of `answer` into `target`. */
export function drawTable(target, answer, site) {
  const state = { column: null, down: false, words: "", shown: STEP };
  const filter = document.createElement("input");
  filter.type = "search";
  filter.placeholder = "Only rows with …";
  filter.setAttribute("aria-label", "Only rows with these words");
  const table = document.createElement("table");
  const frame = document.createElement("div");
  frame.className = "wide editor-frame";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Rows of the answer");
  frame.append(table);
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  const more = document.createElement("button");
  more.type = "button";
  const buttons = answer.columns.map((column) => headOf(head, column));
  const texts = answer.rows.map((row) => answer.columns.map((column) => textOf(row[column], site.prefixes)));

  function draw() {
    const found = order(answer, texts, state);
    body.replaceChildren(...found.slice(0, state.shown).map((i) => rowOf(answer, answer.rows[i], site)));
    more.hidden = found.length <= state.shown;
    more.textContent = more.hidden ? "" : `Show more (${found.length - state.shown} rows left)`;
    buttons.forEach((button, i) => {
      if (state.column !== i) button.parentElement.removeAttribute("aria-sort");
      else button.parentElement.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    });
  }

  buttons.forEach((button, i) =>
    button.addEventListener("click", () => {
      state.down = state.column === i && !state.down;
      state.column = i;
      draw();
    }),
  );
  filter.addEventListener("input", () => {
    state.words = filter.value.toLowerCase();
    state.shown = STEP;
    draw();
  });
  more.addEventListener("click", () => {
    state.shown += STEP;
    draw();
  });
  draw();
  target.replaceChildren(filter, frame, more);
}

function headOf(row, column) {
  const cell = document.createElement("th");
  cell.scope = "col";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = column;
  cell.append(button);
  row.append(cell);
  return button;
}

function rowOf(answer, row, site) {
  const line = document.createElement("tr");
  for (const column of answer.columns) {
    const cell = line.insertCell();
    cell.append(drawTerm(row[column], site));
    if (isNumber(row[column])) cell.className = "editor-number";
  }
  return line;
}

/** Return the numbers of the rows that are shown, in order. */
function order(answer, texts, { column, down, words }) {
  const found = [...texts.keys()].filter((i) => !words || texts[i].some((text) => text.toLowerCase().includes(words)));
  if (column === null) return found;
  const name = answer.columns[column];
  const compare = (a, b) =>
    isNumber(answer.rows[a][name]) && isNumber(answer.rows[b][name])
      ? Number(texts[a][column]) - Number(texts[b][column])
      : texts[a][column].localeCompare(texts[b][column], "en", { numeric: true });
  return found.sort((a, b) => (down ? -1 : 1) * compare(a, b) || a - b);
}
