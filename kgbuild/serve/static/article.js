// The text of an article and the claims beside it: what is pointed at on one side is marked on the other.

const pieces = [...document.querySelectorAll(".piece[data-places]")];
const pins = [...document.querySelectorAll(".pin")];
const panel = document.querySelector(".panel");
const cards = new Map([...document.querySelectorAll(".panel .place")].map((card) => [card.dataset.place, card]));
const placesOf = (piece) => piece.dataset.places.split(" ");

/** Mark a place on both sides, or nothing. */
function mark(place) {
  for (const piece of pieces) piece.classList.toggle("chosen", place !== null && placesOf(piece).includes(place));
  for (const pin of pins) pin.classList.toggle("chosen", pin.dataset.place === place);
  for (const [number, card] of cards) card.classList.toggle("chosen", number === place);
}

/** Bring the card of a place into view inside the panel, without moving the page. */
function reveal(place) {
  const card = cards.get(place);
  if (!card || panel.scrollHeight <= panel.clientHeight) return;
  panel.scrollTop = card.offsetTop - panel.clientHeight / 4;
}

let kept = null; // the place that was chosen by a click or by the address

function choose(place) {
  kept = place;
  mark(place);
  reveal(place);
}

for (const piece of pieces) {
  // of places inside one another the last begins last: it is the closest to what is pointed at
  const place = placesOf(piece).at(-1);
  piece.addEventListener("pointerenter", () => { mark(place); reveal(place); });
  piece.addEventListener("pointerleave", () => mark(kept));
  piece.addEventListener("click", () => choose(place));
}
for (const pin of pins) {
  pin.addEventListener("focus", () => { mark(pin.dataset.place); reveal(pin.dataset.place); });
  pin.addEventListener("click", () => choose(pin.dataset.place));
}
for (const [place, card] of cards) {
  card.addEventListener("pointerenter", () => mark(place));
  card.addEventListener("pointerleave", () => mark(kept));
  card.querySelector(".quoted a").addEventListener("click", () => choose(place));
}

/** Choose what the address names: #claim-..., #at-..., #place-.... */
function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  const [kind, name] = [id.slice(0, id.indexOf("-")), id.slice(id.indexOf("-") + 1)];
  if (kind === "claim") {
    const claim = [...document.querySelectorAll(".claim")].find((each) => each.dataset.claim === name);
    for (const each of document.querySelectorAll(".claim.chosen")) each.classList.remove("chosen");
    claim?.classList.add("chosen");
    choose(claim?.closest(".place").dataset.place ?? null);
  } else if (kind === "at" || kind === "place") {
    choose(name);
  }
}
addEventListener("hashchange", follow);
follow();
