/**
 * Source of truth for what an event looks like: <folder>/<namespace>/<Name>.avsc, one record a
 * file. A record's name is unique over all namespaces, because it is the `type` of the event.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SchemaFile {
  readonly namespace: string;
  readonly name: string;
  /** The file's text: an Avro record schema as JSON. */
  readonly text: string;
}

/**
 * The schema files below `folder`, and those of the runtime (`runtime/` beside this file), by name.
 * Throws on a file whose place does not say what is in it.
 */
export function readSchemaFiles(folder: string): SchemaFile[] {
  const files = [__dirname, folder].flatMap(schemaFilesBelow);
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name)) throw new Error(`two records are named ${name}`);
    names.add(name);
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function schemaFilesBelow(root: string): SchemaFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.avsc'))
    .map((path) => readSchemaFile(root, path));
}

function readSchemaFile(root: string, path: string): SchemaFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { namespace, name } = JSON.parse(text) as { namespace: string; name: string };
  const expected = join(...namespace.split('.'), `${name}.avsc`);
  if (path !== expected) throw new Error(`${join(root, path)} holds ${namespace}.${name}`);
  return { namespace, name, text };
}
