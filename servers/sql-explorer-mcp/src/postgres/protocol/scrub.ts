import type { Submittable } from "./group.ts";

export interface ScrubAnswer extends Submittable {
  /** Whether the server did it; never rejects. */
  readonly clean: Promise<boolean>;
}

/** Listens to a statement whose bytes went out behind the group before it. */
export function createScrubAnswer(): ScrubAnswer {
  let settle: (clean: boolean) => void = () => undefined;
  const clean = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const ignore = () => undefined;
  return {
    clean,
    submit: ignore,
    handleRowDescription: ignore,
    handleDataRow: ignore,
    handlePortalSuspended: ignore,
    handleCommandComplete: ignore,
    handleEmptyQuery: ignore,
    handleCopyInResponse: ignore,
    handleCopyData: ignore,
    handleError: () => settle(false),
    handleReadyForQuery: () => settle(true),
  };
}
