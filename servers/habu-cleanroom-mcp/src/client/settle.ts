import { isToolError, ToolError } from "@mcp-data/core";

export interface Creation<T> {
  /** What is made, for messages: `the clean room "A"`. */
  readonly what: string;
  attempt(): Promise<T>;
  /** Asks the platform, uncached, for a thing only our attempt can have made. */
  find(): Promise<T | undefined>;
}

/**
 * Makes a thing once although the platform has no idempotency key. After an attempt whose end is unknown it is looked
 * for and adopted; it is tried again only when a reply came and the thing is not there.
 */
export async function createOnce<T>(creation: Creation<T>): Promise<{ value: T; adopted: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { value: await creation.attempt(), adopted: false };
    } catch (error) {
      if (!isUnknownOutcome(error)) throw error;
      const found = await creation.find().catch((cause: unknown) => {
        throw unknownOutcome(creation.what, cause);
      });
      if (found !== undefined) return { value: found, adopted: true };
      // Without a reply it may still be on its way in.
      if (!gotReply(error) || attempt >= 3) throw unknownOutcome(creation.what, error);
    }
  }
}

/** Repeats a write that may be repeated (set, replace, delete) while nobody knows how it ended. */
export async function repeatUntilKnown<T>(
  attempt: () => Promise<T>,
  isDone: () => Promise<T | undefined>,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnknownOutcome(error) || count >= 3) throw error;
      const done = await isDone();
      if (done !== undefined) return done;
    }
  }
}

function isUnknownOutcome(error: unknown): boolean {
  return isToolError(error) && error.details?.applied === "unknown" && error.code !== "CANCELLED";
}

const gotReply = (error: unknown): boolean =>
  isToolError(error) &&
  (typeof error.details?.http_status === "number" || error.details?.reason === "MALFORMED");

function unknownOutcome(what: string, cause: unknown): ToolError {
  return new ToolError(
    "UPSTREAM_ERROR",
    `Nobody can say whether ${what} was made: the platform did not answer in time.`,
    {
      hint: "Call again with the resume handle in a minute: it looks for the thing first and takes it if it is there.",
      details: { reason: "UNKNOWN_OUTCOME", applied: "unknown" },
      cause,
    },
  );
}
