// What the editor offers while a query is typed: terms of the ontology and names of the graph, from this server alone.

import { shorten } from "./terms.js";

const MOST = 40;

/** Take away the completers that `Yasqe` comes with, except that of variables, and put those for `site` in their place. */
export function replaceCompleters(Yasqe, site) {
  Yasqe.defaults.autocompleters.length = 0;
  const { variables, prefixes } = Yasqe.Autocompleters;
  for (const name of Object.keys(Yasqe.Autocompleters)) delete Yasqe.Autocompleters[name];
  Yasqe.registerAutocompleter({ ...variables });
  const declared = Object.keys(site.prefixes).sort().map((prefix) => `${prefix}: <${site.prefixes[prefix]}>`);
  Yasqe.registerAutocompleter({ ...prefixes, get: () => declared, persistenceId: null });
  Yasqe.registerAutocompleter(completer("terms", site, isTermPlace, findTerms, true));
  Yasqe.registerAutocompleter(completer("names", site, isNamePlace, findNames, false));
}

/** Return a completer whose `find` gives hints as {text, shown}. */
function completer(name, site, isValid, find, autoShow) {
  let shown = new Map();
  return {
    name,
    autoShow,
    bulk: false,
    isValidCompletionPosition: isValid,
    async get(yasqe, token) {
      const hints = await find(yasqe, token.string.trim(), site);
      shown = new Map(hints.map((hint) => [hint.text, hint.shown]));
      return [...shown.keys()];
    },
    postprocessHints: (_yasqe, hints) => hints.map((hint) => ({ ...hint, displayText: shown.get(hint.text) })),
  };
}

// ---- where something can be completed

function tokenAt(yasqe) {
  const token = yasqe.getCompleteToken();
  const typed = token.string.trim();
  if (!typed || /^[?$"'<]/.test(typed) || token.type === "comment" || token.type === "keyword") return null;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  return before?.string.toUpperCase() === "PREFIX" ? null : { token, before };
}

function isPredicate({ token }) {
  return token.state.possibleCurrent.includes("a");
}

function isClass({ before }) {
  return ["a", "rdf:type", "rdfs:subClassOf", "rdfs:domain", "rdfs:range"].includes(before?.state.lastProperty);
}

function isTermPlace(yasqe) {
  const at = tokenAt(yasqe);
  return at !== null && (isPredicate(at) || isClass(at));
}

function isNamePlace(yasqe) {
  const at = tokenAt(yasqe);
  return at !== null && !isPredicate(at) && !isClass(at) && at.token.string.trim().length > 1;
}

// ---- what fits

function findTerms(yasqe, typed, site) {
  const terms = isPredicate(tokenAt(yasqe) ?? { token: yasqe.getCompleteToken() }) ? site.properties : site.classes;
  const wanted = typed.toLowerCase();
  const bare = wanted.replace(/^[a-z]*:/, "");
  const prefix = wanted.slice(0, wanted.length - bare.length);
  const found = [];
  for (const { iri, label, definition } of terms) {
    const text = shorten(iri, site.prefixes);
    const name = text.toLowerCase();
    if (text === iri || !name.startsWith(prefix)) continue;
    const local = name.slice(name.indexOf(":") + 1);
    const rank = local.startsWith(bare) ? 0 : local.includes(bare) ? 1 : label.toLowerCase().includes(bare) ? 2 : 3;
    if (rank < 3) found.push({ rank, text, shown: definition ? `${text}   ${definition}` : text });
  }
  return found.sort((a, b) => a.rank - b.rank || a.text.localeCompare(b.text)).slice(0, MOST);
}

async function findNames(_yasqe, typed, site) {
  const [, prefix, wanted] = /^(?:([A-Za-z]*):)?(.*)$/.exec(typed.replaceAll(/[_-]/g, " "));
  if (!wanted) return [];
  const base = site.prefixes[prefix] ?? "";
  const answer = await fetch("/api/names?" + new URLSearchParams({ q: wanted, limit: MOST }));
  if (!answer.ok) return [];
  const { names } = await answer.json();
  return names.filter(({ iri }) => iri.startsWith(base)).map(({ iri, label, kind }) => {
    const text = shorten(iri, site.prefixes);
    return { text: text === iri ? `<${iri}>` : text, shown: `${label}   ${kind}` };
  });
}
