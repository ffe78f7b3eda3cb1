export function findS3(): string | undefined;
export function installS3(): void;
export function startS3(): Promise<{ readonly url: string; readonly port: number; stop(): Promise<void> }>;
