// Tables whose columns can be sorted: each heading becomes a button.

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

/** Make the headings of `table` buttons that sort its rows; one with data-plain stays as it is. */
export function makeSortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    if ("plain" in heading.dataset) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortRows(table.tBodies[0], column, down ? -1 : 1);
    });
  });
}

/** Sort the rows by the text of a column; those without any come last. */
function sortRows(body, column, sign) {
  const rows = [...body.rows].map((row) => [row.cells[column].textContent.trim(), row]);
  rows.sort(([a], [b]) => (a === "") - (b === "") || sign * collator.compare(a, b));
  body.append(...rows.map(([, row]) => row));
}
