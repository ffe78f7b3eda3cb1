/** What the emulated platform knows. Plain records, changed in place by the handlers. */

export interface Organisation {
  id: string;
  name: string;
}

export interface Person {
  id: string;
  name: string;
  email: string;
}

export interface Member {
  id: string;
  person: Person;
  role: string;
}

export interface RoomPartner {
  id: string;
  organisation: Organisation;
  members: Member[];
}

export interface Invitation {
  id: string;
  email: string;
  note: string;
  status: string;
  createdAt: number;
}

export interface Field {
  name: string;
  type: string;
  isPii?: boolean;
  isUserId?: boolean;
}

export interface PartitionParameter {
  name: string;
  dataType: string;
  field: string;
}

export interface Connection {
  id: string;
  name: string;
  category: string;
  credentialId: string;
  dataType: { id: string; name: string; displayName: string };
  dataSource: { id: string; name: string; displayName: string };
  configuration: { name: string; value: string }[];
  lifecycle: "ACTIVE" | "PAUSED";
  /** Set by mapping, failures and retries; before `verifiedAt` it is VERIFYING_ACCESS whatever this says. */
  outcome: string;
  verifiedAt: number;
  /** When a finished field map becomes CONFIGURATION_COMPLETE. */
  completeAt: number | undefined;
  fields: Record<string, unknown>[];
  partitions: PartitionParameter[];
}

export interface RoomDataset {
  id: string;
  name: string;
  organisation: Organisation;
  connectionId: string;
  importType: string;
  fields: Field[];
  mappings: Record<string, unknown>[];
  filters: Record<string, unknown>[];
  partitions: PartitionParameter[];
  partnerCanAssign: boolean;
}

export interface Question {
  id: string;
  displayId: string;
  title: string;
  category: string;
  description: string;
  sql: string;
  list: boolean;
  dataTypes: { macro: string; importDataType: string; fields: Field[] }[];
  parameters: { name: string; type: string; allowed?: string[]; defaultValue?: string }[];
  dimensions: Field[];
  measures: Field[];
  ownerId: string;
}

export interface Binding {
  macro: string;
  owner: Organisation | undefined;
  datasetId: string | undefined;
  fields: { name: string; value: string }[];
  assignedAt: number | undefined;
}

export interface Run {
  id: string;
  name: string;
  parameters: Record<string, string>;
  submittedAt: number;
  /** Milliseconds after submission. */
  startsAfter: number;
  endsAfter: number;
  /** Status words in the order they are passed through after RUNNING; the last one stays. */
  path: string[];
  failureReason: string | undefined;
  isRetryable: boolean;
  rows: number;
  deletedAt?: number;
}

export interface Schedule {
  id: string;
  name: string;
  parameters: Record<string, unknown>[];
  start: number;
  end: number | undefined;
  frequency: string;
  days: string[];
  monthDays: number[];
  createdAt: number;
  modifiedAt: number;
  /** Runs exist up to here. */
  doneUntil: number;
}

export interface RoomQuestion {
  id: string;
  displayId: string;
  roomId: string;
  questionId: string;
  bindings: Binding[];
  permissions: { id: string; permission: string; access: string }[];
  shares: { id: string; PartnerID: string; PostRunQueryID: string }[];
  schedules: Schedule[];
  runs: Run[];
  compute: string;
  tags: string[];
  createdAt: number;
}

export interface ExportJob {
  id: string;
  name: string;
  status: string;
  partnerAccountId: string;
  questionId: string | undefined;
  parameters: { name: string; value: string }[];
  createdAt: number;
}

export interface FlowNode {
  identifier: string;
  nodeId: string;
  level: number;
  roomQuestionId: string;
  title: string;
}

export interface Flow {
  id: string;
  displayId: string;
  name: string;
  description: string;
  version: number;
  nodes: FlowNode[];
  runs: (Run & { nodeParameters: Record<string, Record<string, string>> })[];
}

export interface Room {
  id: string;
  displayId: string;
  name: string;
  description: string;
  startAt: string;
  endAt: string;
  type: string;
  parameters: Record<string, string>;
  status: string;
  createdAt: number;
  /** The API user is an administrator here; otherwise people and datasets are forbidden. */
  admin: boolean;
  partners: RoomPartner[];
  members: Member[];
  invitations: Invitation[];
  datasets: RoomDataset[];
  destinations: Map<string, string>;
  exportJobs: ExportJob[];
  flows: Flow[];
}

export interface Credential {
  id: string;
  name: string;
  sourceName: string;
  sourceId: string;
  values: { name: string; value: string }[];
}

export interface Destination {
  id: string;
  name: string;
  partnerName: string;
  configStatus: string;
}

export interface Switches {
  /** Which of the two connection fields carries lifecycle: as the document says, or as seen in production. */
  connectionLayout: "documented" | "observed";
  /** Lists without items answer with no body. */
  emptyListBody: boolean;
  retryAfter: boolean;
  /** The two writes declared with JSON in the query take it only there. */
  permissionsInQuery: boolean;
}

export interface World {
  organisation: Organisation;
  organisations: Organisation[];
  users: { person: Person; role: string }[];
  rooms: Room[];
  questions: Question[];
  roomQuestions: RoomQuestion[];
  connections: Connection[];
  credentials: Credential[];
  destinations: Destination[];
  switches: Switches;
  /** How long runs of a question name take, and how they end; `*` is the rest. */
  scripts: Map<string, RunScript>;
  /** Rows of every new complete run; undefined: a number made from its parameters. */
  rowsOfNewRuns: number | undefined;
  counters: Record<string, number>;
  nextId(kind: string): string;
}

export interface RunScript {
  readonly path: readonly string[];
  readonly failureReason?: string;
  readonly isRetryable?: boolean;
  /** Runs it applies to; absent: all. */
  times?: number;
}
