// Prints the names of holders, asked by Comunica: node serve_comunica.mjs FOLDER-WITH-COMUNICA ENDPOINT
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, endpoint] = process.argv.slice(2);
const { QueryEngine } = createRequire(join(folder, "x.js"))("@comunica/query-sparql");
const bindings = await new QueryEngine().queryBindings(
  `PREFIX kg: <https://w3id.org/kgbuild/ontology#>
   PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
   SELECT ?name { ?firm kg:holds ?license ; rdfs:label ?name . }`,
  { sources: [endpoint] },
);
const rows = await bindings.toArray();
console.log(JSON.stringify(rows.map((row) => row.get("name").value).sort()));
