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

function load(): ReadonlyMap<EventType, RecordType> {
  return new Map(
    readSchemaFiles().map(({ namespace, name, text }) => {
      const schema = JSON.stringify(JSON.parse(text));
      const type = name as EventType;
      return [
        type,
        { type, fullName: `${namespace}.${name}`, schema, avro: parseAvro(schema) },
      ] as const;
    }),
  );
}

/** Throws on a text that is not an Avro schema. Logical types are read as their plain numbers. */
export function parseAvro(schema: string): Type {
  return Type.forSchema(JSON.parse(schema) as never);
}

/** Every record of schemas/, parsed once per process. */
export const recordTypes: ReadonlyMap<EventType, RecordType> = load();

export function recordType(type: EventType): RecordType {
  const found = recordTypes.get(type);
  if (found === undefined) throw new Error(`schemas/ has no record ${type}`);
  return found;
}
