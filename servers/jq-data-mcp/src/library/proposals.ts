import { randomUUID } from "node:crypto";
import { ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import { type Activation, createActivation, examineAll } from "./activation.ts";
import { conflictDrafts } from "./conflicts.ts";
import { type Definition, itemOf, type Source } from "./definitions.ts";
import type { Examiner } from "./examine.ts";
import { deactivated, stateOf } from "./item-state.ts";
import type { Journal } from "./journal.ts";
import type { People } from "./people.ts";
import type { Proposal } from "./proposal.ts";
import { createProposalReader, type ProposalReader } from "./proposal-reader.ts";
import type { LibraryReader } from "./reading.ts";
import { requireRole } from "./roles.ts";
import { personOf, type User } from "./user.ts";
import { versionDraft } from "./version-draft.ts";

export interface Proposals extends ProposalReader, Pick<Activation, "settle"> {
  propose(user: User, definition: Definition, justification: string, source?: Source): Promise<Proposal>;
  vote(user: User, id: string, vote: "approve" | "reject" | "none", comment?: string): Promise<Proposal>;
  withdraw(user: User, id: string): Proposal;
}

export interface ProposalOptions {
  readonly threshold: number;
  readonly people: People;
  /** Of one author. */
  readonly maxOpen?: number;
  readonly now?: () => number;
}

/** How a change becomes everybody's: an exact version, tested, voted on by others than its author. */
export function createProposals(
  db: Database,
  reader: LibraryReader,
  journal: Journal,
  examiner: Examiner,
  options: ProposalOptions,
): Proposals {
  const { threshold, maxOpen = 200, now = Date.now } = options;
  const proposals = createProposalReader(db, threshold, options.people);
  const activation = createActivation({ reader, proposals, journal, examiner, threshold, now });

  function requireRoom(author: string): void {
    if (proposals.openBy(author) < maxOpen) return;
    throw new ToolError("CONFLICT", `You have ${maxOpen} open proposals already.`, {
      hint: "Wait for votes, or withdraw some of them.",
      details: { reason: "open_proposals", limit: maxOpen },
    });
  }

  /** The conflict a proposal came from ends with it. */
  function closeConflict(proposal: string, actor: string, how: string): void {
    journal.commit(conflictDrafts(reader.conflictOf(proposal), actor, how));
  }

  return {
    ...proposals,
    settle: activation.settle,
    async propose(user, definition, justification, source = "learned") {
      requireRole(user, "propose");
      requireRoom(user.id);
      if (stateOf(reader.item(itemOf(definition))) === "deactivated") throw deactivated(itemOf(definition));
      const examined = await examineAll(examiner, definition, user.id);
      const failed = examined.cases.filter(({ ok }) => !ok);
      if (failed.length > 0) {
        throw new ToolError(
          "VALIDATION_ERROR",
          `${failed.length} of ${examined.cases.length} test cases fail.`,
          {
            hint: "Correct the program or the expectation; test_program runs cases without proposing.",
            details: { reason: "cases", failed: failed.slice(0, 3) },
          },
        );
      }
      requireRoom(user.id);
      const item = itemOf(definition);
      const base = reader.item(item)?.head ?? null;
      const draft = versionDraft({
        user,
        definition,
        base,
        uses: examined.uses,
        source,
        engine: examiner.engineVersion,
      });
      if (reader.version(draft.version)?.number != null) {
        throw new ToolError("CONFLICT", "This exact version is in the library already.", {
          details: { reason: "exists" },
        });
      }
      const proposal = randomUUID().slice(0, 13);
      const { cases, warnings, impact } = examined;
      journal.commit([
        draft,
        {
          kind: "propose",
          actor: user.id,
          proposal,
          item,
          version: draft.version,
          base,
          justification,
          report: { cases, warnings, impact },
          from_conflict: null,
        },
      ]);
      return proposals.get(proposal);
    },
    async vote(user, id, vote, comment) {
      requireRole(user, "vote");
      const proposal = proposals.get(id);
      requireOpen(proposal);
      if (personOf(proposal.author) === personOf(user.id)) {
        throw new ToolError("PERMISSION_DENIED", "The author of a proposal cannot vote on it.", {
          hint: `${threshold} others have to approve it; withdraw_proposal takes it back.`,
          details: { reason: "own_proposal" },
        });
      }
      const word = { user: user.id, vote, comment: comment ?? null };
      // Said again, it is not written again.
      if (!proposal.votes.some((one) => JSON.stringify(one) === JSON.stringify(word)))
        journal.commit([{ kind: "vote", actor: user.id, proposal: id, ...word }]);
      if (proposals.get(id).status === "rejected") closeConflict(id, user.id, "rejected by votes");
      else await activation.ifApproved(proposals.get(id), user.id);
      return proposals.get(id);
    },
    withdraw(user, id) {
      const proposal = proposals.get(id);
      requireRole(user, proposal.author === user.id ? "withdraw_own" : "withdraw_any");
      requireOpen(proposal);
      journal.commit([{ kind: "withdraw", actor: user.id, proposal: id }]);
      closeConflict(id, user.id, "withdrawn");
      return proposals.get(id);
    },
  };
}

function requireOpen(proposal: Proposal): void {
  if (proposal.status === "open") return;
  throw new ToolError("CONFLICT", `The proposal is ${proposal.status}.`, {
    hint: "Only open proposals can be voted on or withdrawn; list_proposals with its id says why.",
    details: { reason: "not_open", status: proposal.status },
  });
}
