/**
 * The fields that several bodies share, each with what it may hold and why it is bounded.
 *
 * What always holds, and a test walks every route for it: a number has the bounds of the Avro type
 * that it becomes, so that nothing passes here that the log cannot hold; and a pattern says in words
 * what it asks for, so that nobody is answered with a regular expression.
 */
import { Type, type SchemaOptions, type TProperties, type TSchema } from '@sinclair/typebox';
import { AVRO_INT_MAX, AVRO_LONG_MAX } from './numbers';

/** No body of the API may carry a field that its route does not know. */
export function closedObject<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

/** A whole number that becomes an Avro int. */
export function int(bounds: Bounds = {}) {
  return Type.Integer({ minimum: -AVRO_INT_MAX - 1, maximum: AVRO_INT_MAX, ...bounds });
}

/** A whole number that becomes an Avro long: money, offsets, instants. */
export function long(bounds: Bounds = {}) {
  return Type.Integer({ minimum: -AVRO_LONG_MAX, maximum: AVRO_LONG_MAX, ...bounds });
}

/** Where a schema keeps the words of its pattern. */
export const RULE_WORDS = 'x-rule';

/** A text of a certain form; `rule` finishes the sentence "The field must be …". */
export function patterned(
  pattern: string,
  rule: string,
  options: SchemaOptions & { readonly maxLength?: number } = {},
) {
  return Type.String({ ...options, pattern, [RULE_WORDS]: rule });
}

/** One of these texts. A plain `enum`, so that a misfit is one error and not one per choice. */
export function oneOf<const T extends string>(choices: readonly T[], options: SchemaOptions = {}) {
  return Type.Unsafe<T>({ ...options, type: 'string', enum: choices });
}

/** Ids of orders and alerts are lower-case UUIDs, as eventId and orderIdOf make them. */
export const uuid = patterned(
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  'a UUID in lower case',
  { description: 'Lower-case UUID.' },
);

/** A sku is a Kafka key and stands in URLs, so it is kept to what needs no escaping. */
export const sku = patterned(
  '^[A-Za-z0-9._-]{1,64}$',
  '1 to 64 letters, digits, dots, underscores and hyphens',
  { description: 'Stock keeping unit.' },
);

export const yen = long({ description: 'Whole yen.' });
export const currency = Type.String({ description: 'ISO 4217; JPY.' });
export const instant = long({ minimum: 0, description: 'Milliseconds since the epoch.' });
export const offset = long({ minimum: 0, description: 'Offset in the partition.' });
export const partition = int({ minimum: 0, description: 'Partition of the topic.' });

/** Of a list that is read page by page. */
export const before = patterned('^[A-Za-z0-9_-]{1,600}$', 'the `next` of the page before', {
  description: 'The `next` of the page before.',
});
export const next = nullable(
  Type.String({ description: 'Pass it as `before` for the page that follows; null: the last.' }),
);

/** The decoded event: the fields of its record in schemas/. */
export const payload = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The fields of the event, as its Avro record names them.',
});
