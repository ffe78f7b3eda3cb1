import { isToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";

/** Two sets are declared with their JSON in the query and described as a body: the body first, then the query. */
export async function bodyOrQuery<T>(withBody: () => Promise<T>, withQuery: () => Promise<T>): Promise<T> {
  return repeatUntilKnown(
    async () => {
      try {
        return await withBody();
      } catch (error) {
        const status = isToolError(error) ? error.details?.http_status : undefined;
        if (status !== 400 && status !== 415) throw error;
        return withQuery();
      }
    },
    async () => undefined,
  );
}
