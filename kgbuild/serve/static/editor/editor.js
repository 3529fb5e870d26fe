// The page /editor: a query is typed, run, looked at in several views, downloaded and passed on as a link.

import { readAnswer } from "./answers.js";
import { replaceCompleters } from "./completion.js";
import { canDrawGraph, drawGraph } from "./graph.js";
import { drawTable } from "./table.js";
import { drawTimeline, timeColumn } from "./timeline.js";

const FORMATS = {
  rows: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", "application/sparql-results+json", "json"]],
  triples: [["Turtle", "text/turtle", "ttl"], ["N-Triples", "application/n-triples", "nt"], ["JSON-LD", "application/ld+json", "jsonld"]],
};
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

const part = (name) => document.getElementById(`editor-${name}`);
const state = { answer: null, query: "", view: "table", running: null };

async function begin() {
  const site = await (await fetch("/editor/data")).json();
  const form = part("form");
  const start = form.elements.namedItem("query").value;
  replaceCompleters(globalThis.Yasqe, site);
  part("place").replaceChildren();
  const yasqe = new globalThis.Yasqe(part("place"), {
    value: start,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    editorHeight: "",
    extraKeys: { "Ctrl-Enter": () => run(yasqe, site), "Cmd-Enter": () => run(yasqe, site) },
  });
  yasqe.getInputField().setAttribute("aria-label", "SPARQL query");
  const scroller = part("place").querySelector(".CodeMirror-scroll"); // scrolls with the keyboard, too
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Text of the query");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(yasqe, site);
  });
  part("stop").addEventListener("click", () => state.running?.abort());
  part("link").addEventListener("click", () => copyLink(yasqe));
  part("question").addEventListener("change", (event) => openQuestion(yasqe, event.target.value));
  for (const button of part("views").children) {
    button.addEventListener("click", () => {
      state.view = button.value;
      show(site);
      keepInAddress();
    });
  }
  globalThis.addEventListener("hashchange", () => openAddress(yasqe, site));
  form.dataset.ready = "true";
  await openAddress(yasqe, site);
}

// ---- what is opened

/** Open what the address asks for: #query=, else ?query=, else ?question=NAME with its parameters. */
async function openAddress(yasqe, site) {
  const hash = new URLSearchParams(location.hash.slice(1));
  const search = new URLSearchParams(location.search);
  const query = hash.get("query") ?? search.get("query");
  state.view = hash.get("view") ?? search.get("view") ?? state.view;
  if (query !== null) {
    if (query === state.query) return;
    yasqe.setValue(query);
    await run(yasqe, site);
  } else if (search.has("question")) {
    const name = search.get("question");
    search.delete("question");
    search.delete("view");
    if (await openQuestion(yasqe, name, search)) await run(yasqe, site);
  }
}

/** Put the SPARQL of a saved question into the editor; return whether there was one. */
async function openQuestion(yasqe, name, values = new URLSearchParams()) {
  if (!name) return false;
  values.set("format", "rq");
  const answer = await fetch(`/api/questions/${encodeURIComponent(name)}?${values}`);
  const text = await answer.text();
  if (!answer.ok) {
    tell(text, true);
    return false;
  }
  yasqe.setValue(text);
  yasqe.focus();
  part("question").value = name;
  return true;
}

// ---- asking

async function run(yasqe, site) {
  state.running?.abort();
  const asking = (state.running = new AbortController());
  state.query = yasqe.getValue();
  part("stop").hidden = false;
  tell("Running …");
  const since = performance.now();
  try {
    const { text, type } = await ask(state.query, ACCEPT, asking.signal);
    state.answer = readAnswer(text, type, state.query);
    tell(`${counted(state.answer)} in ${Math.round(performance.now() - since)} ms`);
    keepInAddress();
  } catch (error) {
    if (state.running !== asking) return;
    state.answer = null;
    tell(error.name === "AbortError" ? "Stopped." : error.message, error.name !== "AbortError");
  } finally {
    if (state.running === asking) {
      state.running = null;
      part("stop").hidden = true;
    }
  }
  show(site);
}

async function ask(query, accept, signal) {
  const answer = await fetch("/sparql", {
    method: "POST",
    headers: { Accept: accept, "Content-Type": "application/sparql-query" },
    body: query,
    signal,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text.trim() || `${answer.status} ${answer.statusText}`);
  return { text, type: answer.headers.get("Content-Type") ?? "" };
}

/** Return the labels that the graph has for `iris`, by IRI. */
async function askNames(iris) {
  const asked = iris.filter((iri) => !/[<>"{}|^`\\\s]/.test(iri)).map((iri) => `<${iri}>`);
  if (!asked.length) return new Map();
  const label = "<http://www.w3.org/2000/01/rdf-schema#label>";
  const query = `SELECT ?x ?name WHERE { VALUES ?x { ${asked.join(" ")} } ?x ${label} ?name FILTER(LANGMATCHES(LANG(?name), "en") || LANG(?name) = "") }`;
  const { text } = await ask(query, ACCEPT);
  return new Map(JSON.parse(text).results.bindings.map((row) => [row.x.value, row.name.value]));
}

function counted({ kind, rows, truth }) {
  if (kind === "truth") return truth ? "Yes" : "No";
  const noun = kind === "rows" ? "row" : "triple";
  return `${rows.length.toLocaleString("en")} ${noun}${rows.length === 1 ? "" : "s"}`;
}

function tell(text, isError = false) {
  part("status").textContent = text;
  part("status").classList.toggle("editor-error", isError);
}

// ---- looking

function show(site) {
  const { answer } = state;
  const target = part("results");
  const can = {
    table: answer !== null && answer.kind !== "truth",
    graph: answer !== null && canDrawGraph(answer),
    timeline: answer !== null && timeColumn(answer) !== null,
  };
  const view = can[state.view] ? state.view : "table";
  for (const button of part("views").children) {
    button.disabled = !can[button.value];
    button.setAttribute("aria-pressed", String(button.value === view && can.table));
  }
  drawDownloads(answer);
  if (!can.table) target.replaceChildren();
  else if (view === "graph") drawGraph(target, answer, site, askNames).catch((error) => tell(error.message, true));
  else if (view === "timeline") drawTimeline(target, answer, site);
  else drawTable(target, answer, site);
}

function drawDownloads(answer) {
  const { query } = state;
  const buttons = (FORMATS[answer?.kind] ?? []).map(([name, type, suffix]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => download(query, type, suffix).catch((error) => tell(error.message, true)));
    return button;
  });
  part("downloads").replaceChildren(...(buttons.length ? ["Download: ", ...buttons] : []));
}

/** Ask once more in another format, so that a file is what any client gets. */
async function download(query, type, suffix) {
  const { text } = await ask(query, type);
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `answer.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// ---- passing on

function addressOf(query) {
  const view = state.view === "table" ? {} : { view: state.view };
  return `${location.origin}/editor#${new URLSearchParams({ query, ...view })}`;
}

function keepInAddress() {
  if (state.query) history.replaceState(null, "", addressOf(state.query));
}

async function copyLink(yasqe) {
  const address = addressOf(yasqe.getValue());
  part("address").value = address;
  part("address").hidden = false;
  part("address").select();
  try {
    await navigator.clipboard.writeText(address);
    tell("The link is copied.");
  } catch {
    tell("Copy the link from its field.");
  }
}

begin().catch((error) => tell(`The editor could not be opened: ${error.message}`, true));
