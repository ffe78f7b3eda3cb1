import { randomBytes } from "node:crypto";
import { ToolError } from "../error/tool-error.ts";
import { shortDigest } from "./digest.ts";
import { expired, type TokenSigner } from "./signed-token.ts";
import { memoryUsedHandles, type UsedHandles } from "./used-handles.ts";

/** The one action a handle permits. */
export interface ConfirmationBinding {
  readonly tool: string;
  readonly principal: string;
  /** The call's arguments without the handle itself. */
  readonly args: unknown;
}

export interface IssuedConfirmation {
  readonly handle: string;
  readonly expires_in_ms: number;
}

export interface Confirmations {
  issue(binding: ConfirmationBinding): IssuedConfirmation;
  /**
   * Uses the handle up. CONFIRMATION_REQUIRED when there is none; CURSOR_EXPIRED when it is old, used,
   * or was issued to another caller or for other arguments.
   */
  redeem(handle: string | undefined, binding: ConfirmationBinding): Promise<void>;
}

export interface ConfirmationOptions {
  readonly ttlMs?: number;
  readonly used?: UsedHandles;
  readonly now?: () => number;
}

const defaultTtlMs = 5 * 60_000;

export function createConfirmations(signer: TokenSigner, options: ConfirmationOptions = {}): Confirmations {
  const ttlMs = options.ttlMs ?? defaultTtlMs;
  const now = options.now ?? Date.now;
  const used = options.used ?? memoryUsedHandles({ now });
  return {
    issue(binding) {
      const data = [randomBytes(9).toString("base64url"), now() + ttlMs, fingerprint(binding)];
      return { handle: signer.sign(purpose(binding), data, ttlMs), expires_in_ms: ttlMs };
    },
    async redeem(handle, binding) {
      if (handle === undefined || handle === "") {
        throw new ToolError("CONFIRMATION_REQUIRED", "This action runs only with a confirmation handle.", {
          hint: "Call without a handle first, read the plan, then repeat the same arguments with its handle.",
        });
      }
      const [id, expiresAt, bound] = signer.open(purpose(binding), handle) as [string, number, string];
      if (bound !== fingerprint(binding)) throw expired("other_binding");
      if (!(await used.claim(id, expiresAt))) throw expired("already_used");
    },
  };
}

const purpose = (binding: ConfirmationBinding): string => `confirm:${binding.tool}`;

const fingerprint = (binding: ConfirmationBinding): string => shortDigest([binding.principal, binding.args]);
