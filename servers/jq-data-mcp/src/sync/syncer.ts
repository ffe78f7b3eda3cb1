/** What became of one round. */
export interface SyncReport {
  readonly pulled: number;
  readonly pushed: number;
  readonly head_seq: number;
  readonly conflicts: number;
}

export interface SyncStatus {
  readonly last_sync: string | null;
  readonly head_seq: number;
  readonly outbox: number;
  readonly open_conflicts: number;
  readonly last_error: string | null;
}

export interface Syncer {
  sync(): Promise<SyncReport>;
  status(): SyncStatus;
  close(): Promise<void>;
}
