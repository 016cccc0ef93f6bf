/**
 * The catalogue of events, out of what the programs themselves are made of: the schemas, the topics,
 * and what each app declares to read and write.
 */
import path from 'node:path';
import { readSchemaFiles } from '../platform/avro/schema-files';
import { projectFolder } from '../platform/project-folder';
import type { Topic } from '../platform/topic';
import { eventTopics } from '../topics/catalogue';
import { deadLetters } from '../topics/dead-letters';
import { processes } from './process-topics';

/** Fields that begin every event; told once. */
const HEADER = ['eventId', 'orderId', 'occurredAt', 'causationId', 'correlationId'];

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly doc?: string;
}

interface RecordSchema {
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly Field[];
}

export function eventCatalogue(): string {
  const records = new Map(
    readSchemaFiles(path.join(projectFolder, 'schemas')).map(({ name, text }) => [
      name,
      JSON.parse(text) as RecordSchema,
    ]),
  );
  const topics = eventTopics.map((topic) => topicPart(topic, records));
  return `# Events

Made by \`npm run events\` from \`schemas/\`, \`topics/\` and what the apps declare; a test holds it up to date.

Every event begins with its \`eventId\` (UUID v5 of its cause and role), its \`orderId\` where there is one,
\`occurredAt\` (when it was decided), \`causationId\` (what led to it) and \`correlationId\` (what belongs
together); the tables leave these out. A type with \`?\` may be null. Money is whole yen, with its currency.
All records are Avro in Confluent's wire format, with subjects \`<topic>-<namespace.Record>\`.

${index()}
${topics.join('\n')}`;
}

function index(): string {
  const rows = eventTopics.map(
    ({ name, types }) => `| [\`${name}\`](#${anchorOf(name)}) | ${types.join(', ')} |`,
  );
  return `| topic | events |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function anchorOf(name: string): string {
  return name.replaceAll('.', '');
}

/** Processes by what they declare; every app writes dead letters. */
export function usersOf(topic: Topic): {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
} {
  const ofTopic = (side: 'inputs' | 'outputs') =>
    processes
      .filter((process) => process[side].some(({ name }) => name === topic.name))
      .map(({ name }) => name);
  return {
    writers: topic === deadLetters ? ['any app'] : ofTopic('outputs'),
    readers: ofTopic('inputs'),
  };
}

function topicPart(topic: Topic, records: ReadonlyMap<string, RecordSchema>): string {
  const { name, types, cleanup } = topic;
  const kept = cleanup.kind === 'compact' ? 'the newest of each key is kept' : 'all are kept';
  const { writers, readers } = usersOf(topic);
  const events = types.map((type) => eventPart(records.get(type)));
  return `## ${name}

Written by ${writers.join(', ')}; read by ${readers.join(', ')}; ${kept}.

${events.join('\n')}`;
}

function eventPart(record: RecordSchema | undefined): string {
  if (record === undefined) throw new Error('a topic has an event without a schema');
  const fields = record.fields.filter(({ name }) => !HEADER.includes(name));
  const rows = fields.map(
    ({ name, type, doc = '' }) => `| \`${name}\` | ${typeText(type)} | ${doc} |`,
  );
  const table =
    rows.length === 0 ? '' : `\n| field | type | what |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  return `### ${record.name}\n\n${record.doc ?? ''}\n${table}`;
}

/** A type in a word or two: enums by their symbols, records by their name. */
function typeText(type: unknown): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) {
    const others = type.filter((each) => each !== 'null').map(typeText);
    return `${others.join(' or ')}${others.length < type.length ? '?' : ''}`;
  }
  const {
    type: kind,
    logicalType,
    symbols,
    items,
    values,
    name,
  } = type as Readonly<Record<string, unknown>> & { readonly symbols?: readonly string[] };
  if (typeof logicalType === 'string') return logicalType;
  if (symbols !== undefined) return symbols.join(', ');
  if (kind === 'array') return `list of ${typeText(items)}`;
  if (kind === 'map') return `map of ${typeText(values)}`;
  return typeof name === 'string' ? name : typeText(kind);
}
