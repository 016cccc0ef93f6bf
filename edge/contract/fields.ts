/** The fields that several bodies share, each with what it may hold and why it is bounded. */
import { Type, type SchemaOptions, type TProperties, type TSchema } from '@sinclair/typebox';

/** No body of the API may carry a field that its route does not know. */
export function closedObject<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** One of these texts. A plain `enum`, so that a misfit is one error and not one per choice. */
export function oneOf<const T extends string>(choices: readonly T[], options: SchemaOptions = {}) {
  return Type.Unsafe<T>({ ...options, type: 'string', enum: choices });
}

/** Ids of orders and alerts are lower-case UUIDs, as eventId and orderIdOf make them. */
export const uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'Lower-case UUID.',
});

/** A sku is a Kafka key and stands in URLs, so it is kept to what needs no escaping. */
export const sku = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: 'Stock keeping unit.',
});

export const yen = Type.Integer({ description: 'Whole yen.' });
export const currency = Type.String({ description: 'ISO 4217; JPY.' });
export const instant = Type.Integer({ description: 'Milliseconds since the epoch.' });
export const offset = Type.Integer({ minimum: 0, description: 'Offset in the partition.' });
export const partition = Type.Integer({ minimum: 0, description: 'Partition of the topic.' });

/** The decoded event: the fields of its record in schemas/. */
export const payload = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The fields of the event, as its Avro record names them.',
});
