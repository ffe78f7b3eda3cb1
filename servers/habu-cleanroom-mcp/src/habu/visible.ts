import { isToolError } from "@mcp-data/core";

/** A part of an overview, or why it cannot be seen; refusals must not hide the rest. */
export async function visible<T>(
  part: string,
  read: () => Promise<T>,
  unseen: string[],
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isToolError(error) || (error.code !== "PERMISSION_DENIED" && error.code !== "NOT_FOUND"))
      throw error;
    unseen.push(
      `${part}: ${error.code === "NOT_FOUND" ? "not found" : `not visible (${String(error.details?.reason)})`}`,
    );
    return undefined;
  }
}
