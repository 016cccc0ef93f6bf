import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAvro } from '../../../platform/avro/record-types';
import { readSchemaFiles } from '../../../platform/avro/schema-files';

const COLOUR = { type: 'enum', name: 'Colour', namespace: 'paint', symbols: ['RED', 'BLUE'] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'schema-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, schema: object): void {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, JSON.stringify(schema));
}

function record(namespace: string, name: string, ...types: readonly unknown[]) {
  const fields = types.map((type, index) => ({ name: `field${String(index)}`, type }));
  return { type: 'record', name, namespace, fields };
}

function schemaOf(name: string): { readonly fields: readonly { readonly type: unknown }[] } {
  const file = readSchemaFiles(folder).find((each) => each.name === name);
  return JSON.parse(file?.text ?? '') as never;
}

test('a shared enum is copied into each record that names it', () => {
  write('paint/Colour.avsc', COLOUR);
  write('paint/Painted.avsc', record('paint', 'Painted', 'paint.Colour'));
  write('walls/state/Wall.avsc', record('walls.state', 'Wall', ['null', 'paint.Colour']));
  const copy = { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] };
  expect(schemaOf('Painted').fields[0]?.type).toEqual(copy);
  expect(schemaOf('Wall').fields[0]?.type).toEqual(['null', copy]);
  expect(readSchemaFiles(folder).map(({ name }) => name)).not.toContain('Colour');
});

test('a record that names a shared enum twice has one copy, and is whole', () => {
  write('paint/Colour.avsc', COLOUR);
  const colours = { type: 'array', items: 'paint.Colour' };
  write('paint/Painted.avsc', record('paint', 'Painted', 'paint.Colour', colours));
  const schema = schemaOf('Painted');
  expect(schema.fields[1]?.type).toEqual({ type: 'array', items: 'Colour' });
  const avro = parseAvro(JSON.stringify(schema));
  expect(avro.isValid({ field0: 'RED', field1: ['BLUE'] })).toBe(true);
  expect(avro.isValid({ field0: 'RED', field1: ['GREEN'] })).toBe(false);
});

test('a file whose place does not say what is in it is refused', () => {
  write('paint/Hue.avsc', COLOUR);
  expect(() => readSchemaFiles(folder)).toThrow('holds paint.Colour');
});

test('two records of one name are refused, whatever their namespaces', () => {
  write('paint/Painted.avsc', record('paint', 'Painted'));
  write('walls/Painted.avsc', record('walls', 'Painted'));
  expect(() => readSchemaFiles(folder)).toThrow('two records are named Painted');
});
