/**
 * Events to bytes and back, synchronously: Confluent's wire format (a zero byte, the schema's id
 * as four bytes big-endian, the Avro body), so that any registry-aware client reads them.
 *
 * What always holds:
 * - Nothing is encoded under an id that the registry did not give for exactly that subject.
 * - Bytes are decoded with the schema they were written with, resolved to the one of this build.
 * - Bad bytes are a result, not an exception; an id that is not known yet is told apart from bad
 *   bytes, because the registry can be asked for it (`learn`).
 * - That the registry does not have an id is believed for a while only: it is asked for again.
 */
import type { Type } from 'avsc';
import { parseAvro, recordTypeIn, type RecordType, type RecordTypes } from './record-types';
import { systemClock, type Clock } from '../clock';
import type { AnyEvent, EventType } from './event';
import { SchemaLateError } from './registry-error';

const MAGIC_BYTE = 0;
export const HEADER_BYTES = 5;

/** First size of the buffer that events are encoded into; it doubles when one does not fit. */
const SCRATCH_BYTES = 64 * 1024;

export type Decoded =
  | { readonly kind: 'event'; readonly event: AnyEvent }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number }
  | {
      readonly kind: 'undecodable';
      readonly errorCode: DecodeErrorCode;
      readonly reason: string;
    };

/** One field of a record, the others left undecoded. */
export type DecodedField =
  | { readonly kind: 'field'; readonly value: unknown }
  | Exclude<Decoded, { readonly kind: 'event' }>;

/** A record without one of its fields, and that. */
export type DecodedApart =
  | { readonly kind: 'event'; readonly event: AnyEvent; readonly field: unknown }
  | Exclude<Decoded, { readonly kind: 'event' }>;

export type DecodeErrorCode =
  /** Empty, or shorter than the header. */
  | 'NO_VALUE'
  /** Does not begin with the wire format's zero byte. */
  | 'NOT_WIRE_FORMAT'
  /** The registry has no schema of that id. */
  | 'SCHEMA_NOT_FOUND'
  /** The schema's record is none that this program knows. */
  | 'UNKNOWN_RECORD'
  /** The writer's schema cannot be resolved to ours. */
  | 'INCOMPATIBLE_SCHEMA'
  /** The body does not fit its schema. */
  | 'MALFORMED_BODY';

/** Thrown by `encode`: the event does not fit its schema, or its subject was never registered. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

/** How often the registry is asked for one id at most. */
export const SCHEMA_ASK_EVERY_MS = 1_000;
/** How long it is believed that the registry does not have a schema. */
export const SCHEMA_MISSING_MS = 30_000;
/** Ids of missing schemas that are remembered; more than a registry has subjects. */
const SCHEMAS_MISSING_MAX = 10_000;

/** How a codec takes schemas that the registry does not have. */
export interface MissingSchemas {
  readonly clock: Clock;
  /**
   * How long such a schema may still come before it counts as missing; ms. For readers that give up
   * a record for good; 0 for those who will look again.
   */
  readonly patienceMs: number;
}

interface Missing {
  /** When the registry said so first, and last. */
  readonly since: number;
  readonly askedAt: number;
}

/** What the codec needs of a registry. `undefined`: there is no schema of that id. */
export interface SchemaSource {
  schemaById(id: number): Promise<string | undefined>;
}

/** How a record type is written to a topic. */
interface Writing {
  readonly id: number;
  readonly avro: Type;
  /** How it is written with a field given apart, by the field's name. */
  readonly apart: Map<string, RecordParts | 'not-last'>;
}

/** A record in two, when the field is its last: the bytes of one follow those of the other. */
interface RecordParts {
  readonly body: Type;
  readonly last: Type;
}

type Writer =
  | {
      readonly kind: 'known';
      readonly type: EventType;
      readonly avro: Type;
      decode(value: Buffer): unknown;
      /** What reads one field and steps over the others, by its name. */
      readonly fields: Map<string, FieldReader>;
      /** The bytes are of this build's schema. */
      readonly isOurs: boolean;
      /** What reads one field apart from the others, by its name. */
      readonly apart: Map<string, ApartReader>;
    }
  | { readonly kind: 'unusable'; readonly errorCode: DecodeErrorCode; readonly reason: string };

export class Codec {
  private readonly writers = new Map<number, Writer>();
  private readonly missing = new Map<number, Missing>();
  /** Several readers that meet an id at once share one question. */
  private readonly asking = new Map<number, Promise<void>>();
  /** By topic and type. */
  private readonly writings = new Map<string, Map<EventType, Writing>>();
  private scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

  /** `records`: what this program knows; events of others are undecodable. */
  constructor(
    private readonly records: RecordTypes,
    private readonly source: SchemaSource,
    private readonly missingSchemas: MissingSchemas = { clock: systemClock, patienceMs: 0 },
  ) {}

  /** Without a registry, for what stays in one process: a record's id is its place in `records`. */
  static local(
    records: RecordTypes,
    topics: readonly { readonly name: string; readonly types: readonly EventType[] }[],
  ): Codec {
    const codec = new Codec(records, { schemaById: () => Promise.resolve(undefined) });
    for (const { name, types } of topics) codec.registerLocally(name, types);
    return codec;
  }

  registerLocally(topic: string, types: readonly EventType[]): void {
    const names = [...this.records.keys()];
    for (const type of types) this.registered(topic, type, names.indexOf(type) + 1);
  }

  /** Notes the id that the registry gave for a record under a topic. */
  registered(topic: string, type: EventType, id: number): void {
    const record = recordTypeIn(this.records, type);
    const writings = this.writings.get(topic) ?? new Map<EventType, Writing>();
    this.writings.set(topic, writings);
    writings.set(type, { id, avro: record.avro, apart: new Map() });
    this.writers.set(id, writerFor(this.records, record.schema));
  }

  /** Throws EncodeError, which names the field that does not fit. */
  encode(topic: string, event: AnyEvent): Buffer {
    const { id, avro } = this.writing(topic, event.type);
    return this.framed(id, this.encodeAt(avro, event, event.type, HEADER_BYTES));
  }

  /** As `encode` does, with the value of the field `name` given apart: neither is copied. */
  encodeApart(topic: string, event: AnyEvent, name: string, value: unknown): Buffer {
    const { id, avro, apart } = this.writing(topic, event.type);
    const parts = apart.get(name) ?? partsOf(avro, name);
    apart.set(name, parts);
    if (parts === 'not-last') {
      return this.framed(
        id,
        this.encodeAt(avro, { ...event, [name]: value }, event.type, HEADER_BYTES),
      );
    }
    const end = this.encodeAt(parts.body, event, event.type, HEADER_BYTES);
    return this.framed(id, this.encodeAt(parts.last, value, `${event.type}.${name}`, end));
  }

  private writing(topic: string, type: EventType): Writing {
    const found = this.writings.get(topic)?.get(type);
    if (found !== undefined) return found;
    const subject = subjectOf(topic, recordTypeIn(this.records, type));
    throw new EncodeError(`${subject} is not registered`);
  }

  /** The scratch up to `end`, with its header, in a buffer of its own. */
  private framed(id: number, end: number): Buffer {
    this.scratch[0] = MAGIC_BYTE;
    this.scratch.writeUInt32BE(id, 1);
    return Buffer.from(this.scratch.subarray(0, end));
  }

  decode(value: Buffer | null): Decoded {
    const found = this.writerOf(value);
    if (found.kind !== 'known') return found;
    const { writer, body } = found;
    try {
      const event = writer.decode(body) as { type?: EventType };
      event.type = writer.type;
      return { kind: 'event', event: event as AnyEvent };
    } catch (error) {
      return undecodable('MALFORMED_BODY', `${writer.type}: ${messageOf(error)}`);
    }
  }

  /** As `decode` does, with the field `name`, which every version has, apart from the others. */
  decodeApart(value: Buffer | null, name: string): DecodedApart {
    const found = this.writerOf(value);
    if (found.kind !== 'known') return found;
    const { writer, body } = found;
    try {
      const read = writer.apart.get(name) ?? apartReader(writer, name);
      writer.apart.set(name, read);
      const { event, field } = read(body);
      (event as { type?: EventType }).type = writer.type;
      return { kind: 'event', event: event as AnyEvent, field };
    } catch (error) {
      return undecodable('MALFORMED_BODY', `${writer.type}: ${messageOf(error)}`);
    }
  }

  /** The type of the record in wire format, as far as its header says; undefined when not known. */
  typeOf(value: Buffer | null): EventType | undefined {
    if (value === null || value.length < HEADER_BYTES || value[0] !== MAGIC_BYTE) return undefined;
    const writer = this.writers.get(value.readUInt32BE(1));
    return writer?.kind === 'known' ? writer.type : undefined;
  }

  /**
   * One field of a record that every version of its schema has. Several times as fast as `decode`,
   * and as strict about the length of the body.
   */
  decodeField(value: Buffer | null, name: string): DecodedField {
    const found = this.writerOf(value);
    if (found.kind !== 'known') return found;
    const { writer, body } = found;
    try {
      const read = writer.fields.get(name) ?? fieldReader(writer.avro, name);
      writer.fields.set(name, read);
      return { kind: 'field', value: read(body) };
    } catch (error) {
      return undecodable('MALFORMED_BODY', `${writer.type}: ${messageOf(error)}`);
    }
  }

  private writerOf(value: Buffer | null) {
    if (value === null || value.length < HEADER_BYTES) {
      return undecodable('NO_VALUE', `${String(value?.length ?? 0)} bytes`);
    }
    if (value.readUInt8(0) !== MAGIC_BYTE) {
      return undecodable('NOT_WIRE_FORMAT', `begins with byte ${String(value.readUInt8(0))}`);
    }
    const schemaId = value.readUInt32BE(1);
    const writer = this.writers.get(schemaId);
    if (writer === undefined) return this.verdictOnMissing(schemaId);
    if (writer.kind === 'unusable') return undecodable(writer.errorCode, writer.reason);
    return { kind: 'known', writer, body: value } as const;
  }

  private verdictOnMissing(schemaId: number) {
    const missing = this.missing.get(schemaId);
    const isBelieved =
      missing !== undefined &&
      this.isOver(missing) &&
      this.missingSchemas.clock.now() < missing.askedAt + SCHEMA_MISSING_MS;
    if (!isBelieved) return { kind: 'unknown-schema', schemaId } as const;
    return undecodable('SCHEMA_NOT_FOUND', `the registry has no schema ${String(schemaId)}`);
  }

  /**
   * Asks the registry for schemas that `decode` did not know. Rejects with RegistryUnreachableError
   * when it cannot be reached, and with SchemaLateError while it does not have one of them that may
   * still come; both may be retried at any pace. Afterwards what it does not have is undecodable
   * for a while, and then unknown again.
   */
  async learn(schemaIds: Iterable<number>): Promise<void> {
    const late: number[] = [];
    for (const id of new Set(schemaIds)) {
      if (this.writers.has(id)) continue;
      await this.askOnce(id);
      const missing = this.missing.get(id);
      if (missing !== undefined && !this.isOver(missing)) late.push(id);
    }
    if (late.length > 0) {
      throw new SchemaLateError(`the registry has no schema ${late.join(', ')} yet`);
    }
  }

  /** Whether the registry was given the time to learn of the schema. */
  private isOver({ since, askedAt }: Missing): boolean {
    return askedAt - since >= this.missingSchemas.patienceMs;
  }

  private async askOnce(id: number): Promise<void> {
    const asking = this.asking.get(id) ?? this.ask(id);
    this.asking.set(id, asking);
    try {
      await asking;
    } finally {
      this.asking.delete(id);
    }
  }

  private async ask(id: number): Promise<void> {
    const now = this.missingSchemas.clock.now();
    const before = this.missing.get(id);
    if (before !== undefined && now < before.askedAt + SCHEMA_ASK_EVERY_MS) return;
    const schema = await this.source.schemaById(id);
    if (schema !== undefined) {
      this.missing.delete(id);
      this.writers.set(id, writerFor(this.records, schema));
      return;
    }
    this.missing.set(id, { since: before?.since ?? now, askedAt: now });
    const [oldest] = this.missing.keys();
    if (this.missing.size > SCHEMAS_MISSING_MAX && oldest !== undefined) {
      this.missing.delete(oldest);
    }
  }

  /** Writes into the scratch from `start` on, and gives the end. */
  private encodeAt(avro: Type, value: unknown, what: string, start: number): number {
    try {
      let end = avro.encode(value, this.scratch, start);
      while (end < 0) {
        // avsc answers how many bytes were missing as a negative number.
        const grown = Buffer.allocUnsafe(this.scratch.length * 2);
        this.scratch.copy(grown, 0, 0, start);
        this.scratch = grown;
        end = avro.encode(value, this.scratch, start);
      }
      return end;
    } catch (error) {
      throw new EncodeError(`${what}: ${misfit(avro, value) ?? messageOf(error)}`);
    }
  }
}

/** TopicRecordNameStrategy: several record types may share a topic. */
export function subjectOf(topic: string, { fullName }: RecordType): string {
  return `${topic}-${fullName}`;
}

function writerFor(records: RecordTypes, schema: string): Writer {
  const { namespace, name } = JSON.parse(schema) as { namespace?: string; name?: string };
  const reader = records.get(name as EventType);
  if (reader?.fullName !== `${String(namespace)}.${String(name)}`) {
    return unusable('UNKNOWN_RECORD', `record ${String(namespace)}.${String(name)}`);
  }
  const { avro } = reader;
  try {
    const same = schema === reader.schema;
    const written = same ? avro : parseAvro(schema);
    const resolver = same ? undefined : avro.createResolver(written);
    return {
      kind: 'known',
      type: reader.type,
      avro: written,
      decode: (value) => decodeBody(avro, resolver, value),
      fields: new Map(),
      isOurs: same,
      apart: new Map(),
    };
  } catch (error) {
    return unusable('INCOMPATIBLE_SCHEMA', `${reader.fullName}: ${messageOf(error)}`);
  }
}

type FieldReader = (value: Buffer) => unknown;

/** Avro's own way: a reader's schema with fewer fields skips those that it does not name. */
function fieldReader(written: Type, name: string): FieldReader {
  const schema = written.schema() as unknown as { readonly fields: readonly { name: string }[] };
  const fields = schema.fields.filter((field) => field.name === name);
  const avro = parseAvro(JSON.stringify({ ...schema, fields }));
  const resolver = avro.createResolver(written);
  return (value) => (decodeBody(avro, resolver, value) as Record<string, unknown>)[name];
}

type ApartReader = (value: Buffer) => { readonly event: object; readonly field: unknown };

function apartReader(
  writer: Extract<Writer, { readonly kind: 'known' }>,
  name: string,
): ApartReader {
  const parts = writer.isOurs ? partsOf(writer.avro, name) : 'not-last';
  if (parts === 'not-last') {
    return (value) => {
      const { [name]: field, ...event } = writer.decode(value) as Record<string, unknown>;
      return { event, field };
    };
  }
  const { body, last } = parts;
  return (value) => {
    const event = body.decode(value, HEADER_BYTES);
    if (event.offset < 0) throw new Error('the body ends too early');
    return { event: event.value as object, field: decodeToEnd(last, value, event.offset) };
  };
}

function partsOf(avro: Type, name: string): RecordParts | 'not-last' {
  const schema = avro.schema() as unknown as {
    readonly fields: readonly { readonly name: string; readonly type: unknown }[];
  };
  const last = schema.fields.at(-1);
  if (last?.name !== name) return 'not-last';
  const fields = schema.fields.slice(0, -1);
  try {
    return {
      body: parseAvro(JSON.stringify({ ...schema, fields })),
      last: parseAvro(JSON.stringify(last.type)),
    };
  } catch {
    // The field names a type that stands in the body.
    return 'not-last';
  }
}

type Resolver = ReturnType<Type['createResolver']>;

function decodeBody(avro: Type, resolver: Resolver | undefined, value: Buffer): unknown {
  return decodeToEnd(avro, value, HEADER_BYTES, resolver);
}

function decodeToEnd(avro: Type, value: Buffer, start: number, resolver?: Resolver): unknown {
  // avsc's types ask for a resolver that its code takes as optional.
  const decoded = avro.decode(value, start, resolver);
  if (decoded.offset < 0) throw new Error('the body ends too early');
  if (decoded.offset !== value.length) {
    throw new Error(`${String(value.length - decoded.offset)} bytes after the body`);
  }
  return decoded.value;
}

function misfit(avro: Type, event: unknown): string | undefined {
  let found: string | undefined;
  avro.isValid(event, {
    errorHook: (path: string[], value: unknown) => {
      found ??= `${path.join('.')} is ${value === undefined ? 'absent' : JSON.stringify(value)}`;
    },
  });
  return found;
}

function undecodable(errorCode: DecodeErrorCode, reason: string) {
  return { kind: 'undecodable', errorCode, reason } as const;
}

function unusable(errorCode: DecodeErrorCode, reason: string): Writer {
  return { kind: 'unusable', errorCode, reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
