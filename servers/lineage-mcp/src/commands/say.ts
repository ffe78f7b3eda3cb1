export function homeOf(values: {
  readonly "data-dir"?: string;
  readonly "dev-mode"?: boolean;
  readonly notebook?: readonly string[];
}) {
  return { dataDir: values["data-dir"], devMode: values["dev-mode"], notebooks: values.notebook ?? [] };
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`lineage-mcp: ${text}\n`);
}
