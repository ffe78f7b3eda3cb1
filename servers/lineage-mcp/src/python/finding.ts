/** Whether the notebooks will be recorded, and what to do when not. */
export interface CaptureFinding {
  readonly state: "launched" | "installed" | "not_installed" | "no_python" | "refused" | "demo";
  readonly python?: string;
  readonly marimo?: string;
  readonly libraries?: Readonly<Record<string, string>>;
  readonly fix?: string;
  /** Cells, or whole files, that do not parse. */
  readonly unparsable: readonly {
    readonly notebook: string;
    readonly cell?: string;
    readonly problem: string;
  }[];
}
