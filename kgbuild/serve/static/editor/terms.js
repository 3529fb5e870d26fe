// Terms as the SPARQL Protocol writes them, and how they are shown: prefixed names, labels, links to pages of this site.

const NUMBERS = /#(integer|decimal|double|float|long|int|short|byte|nonNegativeInteger|positiveInteger)$/;

/** Return `iri` as a prefixed name where a prefix fits and the rest is simple, else as it is. */
export function shorten(iri, prefixes) {
  let best = "";
  for (const prefix of Object.keys(prefixes)) {
    if (iri.startsWith(prefixes[prefix]) && (!best || prefixes[prefix].length > prefixes[best].length)) best = prefix;
  }
  if (!best) return iri;
  const local = iri.slice(prefixes[best].length);
  return /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/.test(local) ? `${best}:${local}` : iri;
}

/** Return where `iri` can be read about: a page of this site, a web address, or "" (any other scheme is no link). */
export function pageOf(iri, site) {
  if (iri.startsWith(site.articles)) return "/articles/" + encodePath(iri.slice(site.articles.length));
  if (iri.startsWith(site.ids)) return "/id/" + encodePath(iri.slice(site.ids.length));
  if (iri.startsWith(site.ontology)) return "/ontology#" + encodeURIComponent(iri.slice(site.ontology.length));
  return /^https?:\/\//.test(iri) ? iri : "";
}

function encodePath(rest) {
  return rest.split("/").map((part) => encodeURIComponent(part).replaceAll("%25", "%")).join("/");
}

/** Return whether a term is a number. */
export function isNumber(term) {
  return term?.type === "literal" && NUMBERS.test(term.datatype ?? "");
}

/** Return the text of a term for a reader. */
export function textOf(term, prefixes) {
  if (!term) return "";
  return term.type === "uri" ? shorten(term.value, prefixes) : term.type === "bnode" ? "_:" + term.value : term.value;
}

/** Return an element for a term: a link where it has a page, its language, if not English, or datatype beside it. */
export function drawTerm(term, site) {
  if (!term) return document.createTextNode("");
  const text = textOf(term, site.prefixes);
  const href = term.type === "uri" ? pageOf(term.value, site) : "";
  const node = document.createElement(href ? "a" : "span");
  node.textContent = text;
  if (href) {
    node.href = href;
    node.title = term.value;
    if (!href.startsWith("/")) node.rel = "noopener noreferrer";
  }
  const language = term["xml:lang"];
  const more = language && language !== "en" ? "@" + language : shownType(term.datatype, site.prefixes);
  if (more) {
    const small = document.createElement("small");
    small.textContent = " " + more;
    node.append(small);
  }
  return node;
}

function shownType(datatype, prefixes) {
  return !datatype || datatype.endsWith("#string") ? "" : shorten(datatype, prefixes);
}
