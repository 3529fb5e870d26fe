// What pages do beyond links and forms: sort tables, offer names while typing, copy a link. They work without it.

import { offerNames } from "./names.js";
import { makeSortable } from "./sorting.js";

for (const table of document.querySelectorAll("table[data-sortable]")) makeSortable(table);
for (const input of document.querySelectorAll("input[data-names]")) offerNames(input);
// of a chart that does not fit, the latest is seen first
for (const chart of document.querySelectorAll(".wide[data-latest]")) chart.scrollLeft = chart.scrollWidth;
for (const link of document.querySelectorAll("a[data-copy]")) {
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = "Link copied";
    } catch {
      location.assign(link.href);
    }
  });
}
