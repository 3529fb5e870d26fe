// Drawing in SVG.

const NS = "http://www.w3.org/2000/svg";

/** Return an SVG element with attributes and children; a string among the children is text. */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(NS, name);
  for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
  node.append(...children);
  return node;
}

/** Return `text` in at most `limit` characters. */
export function clip(text, limit) {
  return text.length > limit ? text.slice(0, limit - 1) + "…" : text;
}

/** Return a link around `children` where `href` is a page, else a group. */
export function linked(href, ...children) {
  return href ? svg("a", { href }, ...children) : svg("g", {}, ...children);
}

/** Return a frame that scrolls where the screen is narrower than `picture`, with the name `label` for who cannot see it. */
export function framed(picture, label) {
  const frame = document.createElement("div");
  frame.className = "wide";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", label);
  frame.append(picture);
  return frame;
}
