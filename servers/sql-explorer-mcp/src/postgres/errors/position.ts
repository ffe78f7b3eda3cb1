/**
 * The server counts characters from 1 in the text it was sent. Undefined when the place is in what we put
 * before or behind the caller's text.
 */
export function callerPosition(
  position: string | undefined,
  caller: { readonly text: string; readonly at: number } | undefined,
): number | undefined {
  if (position === undefined || caller === undefined) return undefined;
  const own = Number(position) - caller.at;
  const length = [...caller.text].length;
  return own >= 1 && own <= length + 1 ? own : undefined;
}
