/**
 * `npm run generate`: TypeScript types from the .avsc files, so that an event that does not fit
 * its schema does not compile. Writes schemas/generated/, which git ignores.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toTypeScript } from '@ovotech/avro-ts';
import { readSchemaFiles, type SchemaFile } from '../platform/avro/schema-files';

const GENERATED = join(__dirname, 'generated');
const NOTICE = '// Made by `npm run generate` from the .avsc files. Do not edit.\n';

function moduleOf({ namespace, name }: SchemaFile): string {
  return `./${namespace.replaceAll('.', '/')}/${name}`;
}

function index(files: readonly SchemaFile[]): string {
  const imports = files.map(
    (file) => `import type { ${file.name} as ${file.name}Record } from '${moduleOf(file)}';`,
  );
  const entries = files.map(
    ({ name }) => `  ${name}: { readonly type: '${name}' } & Readonly<${name}Record>;`,
  );
  return `${NOTICE}${imports.join('\n')}\n\n/** Every record of schemas/ by its name. */\nexport interface EventsByType {\n${entries.join('\n')}\n}\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** avro-ts prints deprecations of the compiler it carries; they concern nobody here. */
function quietly<T>(make: () => T): T {
  const { log, warn } = console;
  console.log = console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.log = log;
    console.warn = warn;
  }
}

const files = readSchemaFiles(__dirname);
rmSync(GENERATED, { recursive: true, force: true });
for (const file of files) {
  const source = quietly(() => toTypeScript(JSON.parse(file.text) as never));
  write(join(GENERATED, `${moduleOf(file)}.ts`), NOTICE + source);
}
write(join(GENERATED, 'index.ts'), index(files));
