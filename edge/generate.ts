/**
 * `npm run generate`: TypeScript types of the whole API from its own OpenAPI document, so that a
 * request that does not fit its route does not compile. Writes edge/contract/generated/, which git
 * ignores.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { openApiDocument } from './openapi-document';

const GENERATED = join(__dirname, 'contract', 'generated');
const NOTICE = "// Made by `npm run generate` from the edge's OpenAPI document. Do not edit.\n";

async function main(): Promise<void> {
  const types = await openapiTypescript((await openApiDocument()) as OpenAPI3);
  mkdirSync(GENERATED, { recursive: true });
  writeFileSync(join(GENERATED, 'api.ts'), NOTICE + astToString(types));
}

void main();
