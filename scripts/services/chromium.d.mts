export function findChromium(): string | undefined;
export function openChromium<Browser>(playwright: {
  launch(options: { executablePath: string; args: string[] }): Promise<Browser>;
}): Promise<Browser>;
