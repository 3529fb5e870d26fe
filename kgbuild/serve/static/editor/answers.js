// An answer of the endpoint in one shape for all views: {kind, columns, rows, triples, patterns, truth}.

/** Return the answer in `text` of the media type `type`; `query` gives SELECT * the order of its variables. */
export function readAnswer(text, type, query) {
  if (type.includes("sparql-results+json")) return readRows(JSON.parse(text), query);
  const triples = readTriples(text);
  const columns = ["subject", "predicate", "object"];
  const rows = triples.map((triple) => Object.fromEntries(columns.map((column, i) => [column, triple[i]])));
  return { kind: "triples", columns, rows, triples, patterns: [] };
}

function readRows(json, query) {
  if (typeof json.boolean === "boolean") return { kind: "truth", columns: [], rows: [], patterns: [], truth: json.boolean };
  let columns = json.head.vars;
  if (/\bselect\s+(distinct\s+|reduced\s+)?\*/i.test(query)) {
    const place = (name) => {
      const at = query.search(new RegExp(`[?$]${name}\\b`));
      return at < 0 ? query.length : at;
    };
    columns = [...columns].sort((a, b) => place(a) - place(b));
  }
  return { kind: "rows", columns, rows: json.results.bindings, patterns: readPatterns(query) };
}

const TOKEN = /#[^\n]*|"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|[?$]\w+|[{}().;,[\]]|[^\s{}();,[\]"'<?$]+|\S/g;

/** Return the triple patterns of a query between two variables, as [variable, path, variable], as far as they are simple. */
export function readPatterns(query) {
  const found = [];
  let parts = [];
  const isVariable = (text) => /^[?$]\w/.test(text ?? "");
  const finish = () => {
    if (parts.length >= 3 && isVariable(parts[0]) && isVariable(parts.at(-1))) {
      found.push([parts[0].slice(1), parts.slice(1, -1).join(""), parts.at(-1).slice(1)]);
    }
  };
  for (const [token] of query.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (/^([{}.[\]]|optional|filter|bind|values|select|union|minus|where|graph)$/i.test(token)) {
      finish();
      parts = [];
    } else if (token === ";" || token === ",") {
      finish();
      parts = parts.slice(0, token === ";" ? 1 : -1);
    } else {
      parts.push(token);
    }
  }
  return found;
}

const TERM = /\s*(?:<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?)/y;

/** Return the triples of N-Triples, each as three terms. */
export function readTriples(text) {
  return text
    .split("\n")
    .filter((line) => line.trim() && !line.startsWith("#"))
    .map((line) => {
      TERM.lastIndex = 0;
      return [readTerm(line), readTerm(line), readTerm(line)];
    });
}

function readTerm(line) {
  const found = TERM.exec(line);
  if (!found) throw new Error(`not N-Triples: ${line.slice(0, 100)}`);
  const [, iri, blank, string, language, datatype] = found;
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const term = { type: "literal", value: unescaped(string) };
  if (language) term["xml:lang"] = language;
  if (datatype) term.datatype = unescaped(datatype);
  return term;
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    four || eight ? String.fromCodePoint(parseInt(four ?? eight, 16)) : (ESCAPES[one] ?? one),
  );
}
