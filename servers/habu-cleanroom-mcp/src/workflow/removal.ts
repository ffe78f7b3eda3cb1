import { remove } from "../habu/make.ts";
import type { Work } from "./work.ts";

/** A step that takes something away; after a kill, not finding it means that it worked. */
export async function removal<Input>(
  work: Work<Input>,
  key: string,
  what: string,
  call: () => Promise<unknown>,
): Promise<void> {
  await work.step(
    key,
    what,
    async () => {
      await remove(call);
      return { value: null };
    },
    { removes: true },
  );
}
