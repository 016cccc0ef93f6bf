/** The named code blocks of a README: "```ts word-count.ts" begins one of that name. */
export function readmeBlocks(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = '', body = '']) => [name, body]));
}
