import { Type } from 'avsc';
import type { EventType } from './event';
import { readSchemaFiles } from './schema-files';

/** A record as this build knows it. */
export interface RecordType {
  readonly type: EventType;
  /** Full name, `namespace.Name`; part of the subject. */
  readonly fullName: string;
  readonly schema: string;
  readonly avro: Type;
}

/** All records that a program knows, in the order of their names. */
export type RecordTypes = ReadonlyMap<EventType, RecordType>;

/** Throws on a text that is not an Avro schema. Logical types are read as their plain numbers. */
export function parseAvro(schema: string): Type {
  return Type.forSchema(JSON.parse(schema) as never);
}

/**
 * The records of all .avsc files below `folder`, and the runtime's own, parsed. Throws on a file
 * whose place does not say what is in it.
 */
export function readRecordTypes(folder: string): RecordTypes {
  return new Map(
    readSchemaFiles(folder).map(({ namespace, name, text }) => {
      const schema = JSON.stringify(JSON.parse(text));
      const type = name as EventType;
      return [
        type,
        { type, fullName: `${namespace}.${name}`, schema, avro: parseAvro(schema) },
      ] as const;
    }),
  );
}

/** Throws on a type that is not among the records. */
export function recordTypeIn(records: RecordTypes, type: EventType): RecordType {
  const found = records.get(type);
  if (found === undefined) throw new Error(`no schema file has the record ${type}`);
  return found;
}
