import type { Database } from "../store/database.ts";
import { watchProposals } from "./changed-proposals.ts";
import type { ProposalStatus } from "./proposal.ts";

export interface ProposalState {
  readonly id: string;
  readonly item: string;
  readonly author: string;
  readonly created_at: string;
  readonly status: ProposalStatus;
}

/** Of these proposals, or of all. */
export type ReadStates = (id?: string) => readonly ProposalState[];

/** Every proposal's state, newest first; worked out again only for those something was written about. */
export function createProposalStates(db: Database, read: ReadStates): () => readonly ProposalState[] {
  const changed = watchProposals(db);
  let states: ProposalState[] = [];
  let places = new Map<string, number>();

  const sort = (all: readonly ProposalState[]) => {
    states = [...all].sort((a, b) => compare(b.created_at, a.created_at) || compare(a.id, b.id));
    places = new Map(states.map(({ id }, place) => [id, place]));
  };

  return () => {
    const ids = changed.take();
    if (ids === "all") {
      sort(read());
      return states;
    }
    const gone = new Set<string>();
    const added: ProposalState[] = [];
    for (const id of ids) {
      const [state] = read(id);
      const place = places.get(id);
      if (state === undefined) gone.add(id);
      else if (place === undefined) added.push(state);
      else if (states[place]?.created_at === state.created_at) states[place] = state;
      else {
        gone.add(id);
        added.push(state);
      }
    }
    if (gone.size + added.length > 0) sort([...states.filter(({ id }) => !gone.has(id)), ...added]);
    return states;
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
