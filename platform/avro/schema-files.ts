/**
 * Source of truth for what an event looks like: <folder>/<namespace>/<Name>.avsc, one named type a
 * file. A record's name is unique over all namespaces, because it is the `type` of the event.
 *
 * An enum has a file of its own when several records share it; they name it by its full name. Each
 * is given a copy of it in the record's own namespace, so that what is registered is whole and no
 * subject refers to another. (test: "a shared enum is copied into each record that names it")
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SchemaFile {
  readonly namespace: string;
  readonly name: string;
  /** An Avro record schema as JSON, complete in itself. */
  readonly text: string;
}

interface NamedType {
  readonly namespace: string;
  readonly name: string;
  readonly schema: { readonly type: string };
}

type SharedEnums = ReadonlyMap<string, object>;

/**
 * The records of the schema files below `folder`, and those of the runtime (`runtime/` beside this
 * file), by name. Throws on a file whose place does not say what is in it.
 */
export function readSchemaFiles(folder: string): SchemaFile[] {
  const files = [__dirname, folder].flatMap(namedTypesBelow);
  const shared = sharedEnumsOf(files);
  const records = files.filter(({ schema }) => schema.type === 'record');
  const names = new Set<string>();
  for (const { name } of records) {
    if (names.has(name)) throw new Error(`two records are named ${name}`);
    names.add(name);
  }
  return records
    .map(({ namespace, name, schema }) => ({ namespace, name, text: completed(schema, shared) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namedTypesBelow(root: string): NamedType[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.avsc'))
    .map((path) => readNamedType(root, path));
}

function readNamedType(root: string, path: string): NamedType {
  const text = readFileSync(join(root, path), 'utf8');
  const schema = JSON.parse(text) as NamedType['schema'] & Omit<NamedType, 'schema'>;
  const { type, namespace, name } = schema;
  const expected = join(...namespace.split('.'), `${name}.avsc`);
  if (path !== expected) throw new Error(`${join(root, path)} holds ${namespace}.${name}`);
  if (type !== 'record' && type !== 'enum') throw new Error(`${join(root, path)} is a ${type}`);
  return { namespace, name, schema };
}

/** By full name; without a namespace they take that of the record they are copied into. */
function sharedEnumsOf(files: readonly NamedType[]): SharedEnums {
  return new Map(
    files
      .filter(({ schema }) => schema.type === 'enum')
      .map(({ namespace, name, schema }) => [
        `${namespace}.${name}`,
        { ...schema, namespace: undefined },
      ]),
  );
}

/** The first mention of a shared enum becomes the enum itself, a later one its name. */
function completed(record: object, shared: SharedEnums): string {
  const copied = new Set<string>();
  return JSON.stringify(record, (key, value: unknown) => {
    if (!NAMES_A_TYPE.test(key) || typeof value !== 'string') return value;
    const found = shared.get(value);
    if (found === undefined) return value;
    if (copied.has(value)) return value.slice(value.lastIndexOf('.') + 1);
    copied.add(value);
    return found;
  });
}

/** The keys under which a schema names a type; a number is the place in a union. */
const NAMES_A_TYPE = /^(type|items|values|\d+)$/;
