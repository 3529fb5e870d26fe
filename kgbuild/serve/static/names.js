// Names of things offered while one is typed: a combobox with a list (ARIA Authoring Practices).

const DELAY = 120;
let lists = 0;

/** Offer names below `input`: of the class in data-names; with data-goes a choice opens the page of the thing. */
export function offerNames(input) {
  const list = document.createElement("ul");
  list.id = `offers-${++lists}`;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  let timer = 0;
  let asking = null;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (name) => {
    close();
    if ("goes" in input.dataset) location.assign(pageOf(name.iri));
    else input.value = name.short.includes("<") ? name.label : name.short;
  };
  const show = (names) => {
    list.replaceChildren(...names.map((name, at) => option(name, `${list.id}-${at}`, () => take(name))));
    list.names = names;
    chosen = -1;
    list.hidden = names.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ q: input.value.trim() });
    if (input.dataset.names) query.set("class", input.dataset.names);
    try {
      const answer = await fetch(`/api/names?${query}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).names);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };
  const move = (by) => {
    const options = [...list.children];
    chosen = (chosen + by + options.length) % options.length;
    options.forEach((each, at) => each.setAttribute("aria-selected", String(at === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim() === "") close();
    else timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.names[chosen]);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

function option(name, id, choose) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const note = document.createElement("span");
  note.className = "note";
  note.textContent = name.name === name.label ? ` ${name.kind}` : ` ${name.kind}, also ${name.name}`;
  item.append(name.label, note);
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    choose();
  });
  return item;
}

/** Return the address of the page of a thing: the path of its IRI, where that is one of ours. */
function pageOf(iri) {
  const path = new URL(iri).pathname;
  const at = path.indexOf("/id/");
  return at >= 0 ? path.slice(at) : `/search?q=${encodeURIComponent(iri)}`;
}
