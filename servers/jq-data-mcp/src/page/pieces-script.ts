/** Browser module: pieces of the page; whatever is given comes out as text. */
export const piecesJs = `
export const $ = (id) => document.getElementById(id);
export const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
export const muted = (textContent) => make("p", { className: "muted", textContent });
export function badge(text, kind = "") { return make("span", { className: "badge " + kind, textContent: text }); }
export function diff(text) {
  const lines = (text ?? "").split("\\n").map((line) =>
    make("span", { className: line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : line.startsWith("… ") ? "cut" : "", textContent: line }));
  return make("pre", { className: "diff" }, ...lines);
}
export function tests({ passed, failed }) {
  if (failed) return badge(failed + " of " + (passed + failed) + " tests fail", "bad");
  return passed ? badge(passed === 1 ? "1 test passes" : passed + " tests pass", "good") : badge("no tests");
}
`;
