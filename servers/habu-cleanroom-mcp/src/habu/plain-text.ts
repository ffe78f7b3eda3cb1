/** Remote text on one line, without characters that restyle a terminal or turn the reading direction. */
export function plainText(text: string, max = 200): string {
  const flat = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const letters = [...flat];
  return letters.length > max ? `${letters.slice(0, max - 1).join("")}…` : flat;
}
