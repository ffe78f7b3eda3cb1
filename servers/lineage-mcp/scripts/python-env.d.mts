export const pythonEnvs: Readonly<
  Record<string, { readonly python: string; readonly packages: readonly string[] }>
>;
export function pythonEnv(name: string): Promise<{ python: string; version: string; folder: string }>;
export function interpreters(): { version: string; path: string }[];
