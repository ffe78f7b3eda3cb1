import vm from "node:vm";
import { patternSteps } from "./pattern-steps.ts";

const budgetMs = 50;
/** So few are done in a fraction of a millisecond, thirty times over too. */
const cheapSteps = 20_000;
const refillMs = 1_000;

/** Time for strangers' expressions: one that backtracks for ever must not hold everybody up, nor thirty of them. */
export interface PatternTime {
  left(): number;
  spend(ms: number): void;
}

export function createPatternTime(now: () => number = () => performance.now()): PatternTime {
  let spent = 0;
  let since = now();
  return {
    left() {
      if (now() - since > refillMs) {
        spent = 0;
        since = now();
      }
      return budgetMs - spent;
    },
    spend(ms) {
      spent += ms;
    },
  };
}

export type Matched = "yes" | "no" | "too_long";

/**
 * A stranger's expression on strangers' values: the only thing that stops backtracking is a watched run. Throws
 * SyntaxError when it is no regular expression.
 */
export function compilePattern(pattern: string, time: PatternTime): (text: string) => Matched {
  const expression = new RegExp(pattern, "u");
  const context = vm.createContext({ pattern: expression, text: "" });
  const script = new vm.Script("pattern.test(text)");
  return (text) => {
    if (patternSteps(pattern, text.length) <= cheapSteps) return expression.test(text) ? "yes" : "no";
    const timeout = Math.floor(time.left());
    if (timeout < 1) return "too_long";
    const started = performance.now();
    context.text = text;
    try {
      return script.runInContext(context, { timeout }) === true ? "yes" : "no";
    } catch {
      return "too_long";
    } finally {
      time.spend(performance.now() - started);
    }
  };
}
