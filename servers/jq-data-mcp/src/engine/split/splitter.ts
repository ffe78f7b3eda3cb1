/** What the bytes turned out not to be. */
export type SplitProblem = "malformed" | "nested" | "ends_early" | "more_than_one";

export interface Splitter {
  /** Rewrites the outer brackets and the commas between elements to newlines, in place. */
  push(bytes: Uint8Array, from: number, to: number): SplitProblem | undefined;
  /** Call at the end of the input. */
  end(): SplitProblem | undefined;
}

const [QUOTE, COMMA, OPEN, CLOSE, OPEN_OBJECT, CLOSE_OBJECT, BACKSLASH, NEWLINE] = [
  0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x5c, 0x0a,
] as const;

/** Where the scan is at the level of elements. */
type Place = "start" | "first" | "element" | "scalar" | "after" | "done" | "unsplit";

/**
 * One pass over a JSON array of any size: afterwards every element is a text of its own. What does not begin with a
 * bracket passes unchanged. With `split` false only nesting is watched. State survives chunk borders.
 */
export function createSplitter(options: { readonly split: boolean; readonly nesting: number }): Splitter {
  const { nesting } = options;
  let place: Place = options.split ? "start" : "unsplit";
  let depth = 0;
  let inString = false;
  let escaped = false;

  return {
    push(bytes, from, to) {
      for (let at = from; at < to; at += 1) {
        const byte = bytes[at] as number;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) {
            inString = false;
            if (depth === 1 && place === "scalar") place = "after";
          }
          continue;
        }
        const top = depth === 1 && place !== "unsplit";
        switch (byte) {
          case QUOTE:
            if (top) {
              if (place !== "first" && place !== "element") return "malformed";
              place = "scalar";
            }
            if (place === "start") place = "unsplit";
            if (place === "done") return "more_than_one";
            inString = true;
            break;
          case OPEN:
          case OPEN_OBJECT:
            if (place === "done") return "more_than_one";
            if (place === "start" && byte === OPEN) {
              bytes[at] = NEWLINE;
              place = "first";
            } else {
              if (place === "start") place = "unsplit";
              if (top && place !== "first" && place !== "element") return "malformed";
              if (top) place = "element";
            }
            depth += 1;
            if (depth > nesting) return "nested";
            break;
          case CLOSE:
          case CLOSE_OBJECT:
            depth -= 1;
            if (place === "unsplit") break;
            if (depth < 0) return "malformed";
            if (depth === 1) place = "after";
            if (depth === 0) {
              if (byte !== CLOSE || place === "element") return "malformed";
              bytes[at] = NEWLINE;
              place = "done";
            }
            break;
          case COMMA:
            if (top) {
              if (place !== "scalar" && place !== "after") return "malformed";
              bytes[at] = NEWLINE;
              place = "element";
            } else if (place === "done") return "more_than_one";
            break;
          case 0x20:
          case 0x09:
          case NEWLINE:
          case 0x0d:
            if (top && place === "scalar") place = "after";
            break;
          default:
            if (top) {
              if (place === "after") return "malformed";
              place = "scalar";
            } else if (place === "start") {
              // A byte order mark may stand before the bracket.
              if (byte !== 0xef && byte !== 0xbb && byte !== 0xbf) place = "unsplit";
              else bytes[at] = 0x20;
            } else if (place === "done") return "more_than_one";
        }
      }
      return undefined;
    },
    end() {
      if (place === "unsplit") return undefined;
      return place === "done" || place === "start" ? undefined : "ends_early";
    },
  };
}
