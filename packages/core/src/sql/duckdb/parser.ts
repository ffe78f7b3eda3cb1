/** What the engine's own parser says of a text; it binds nothing. */
export type Parsed =
  | {
      readonly ok: true;
      /** Statements the engine splits the text into; a PIVOT without IN list counts as two. */
      readonly statements: number;
      /** Syntax tree as JSON, `{statements: [{node}]}`; undefined when a statement is not a SELECT. */
      readonly tree: string | undefined;
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** Byte offset into the text. */
      readonly position?: number;
    };

export interface SqlParser {
  parse(sql: string, signal?: AbortSignal): Promise<Parsed>;
}
