import fc from "fast-check";
import { expect, test } from "vitest";
import { createTop } from "./top.ts";

test("keeps what sorting everything would keep", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
  fc.assert(
    fc.property(scores, fc.nat({ max: 10 }), (all, limit) => {
      const hits = all.map((score, document) => ({ document, score, where: 1 }));
      const top = createTop(limit);
      for (const hit of hits.toReversed()) if (hit.score >= top.floor()) top.add(hit);
      expect(top.hits).toEqual(
        hits.toSorted((a, b) => b.score - a.score || a.document - b.document).slice(0, limit),
      );
    }),
  );
});
