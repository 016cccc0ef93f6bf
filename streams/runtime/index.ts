/**
 * All that a program needs of the runtime: declare topics and an app, run it, test it, write to its
 * topics, watch it. `npm run runtime:pack` makes a package of this file and what it stands on; what
 * is not named here may change without notice.
 */
// All of it, so that `declare module` of the package adds to EventsByType.
export * from '../../platform/avro/event';
export { eventId } from '../../platform/avro/event-id';
export { header, type Cause, type Header } from '../../platform/avro/header';
export { EncodeError, type Codec, type Decoded } from '../../platform/avro/codec';
export { readRecordTypes, type RecordTypes } from '../../platform/avro/record-types';
export { RegistryUnreachableError, SchemaRefusedError } from '../../platform/avro/schema-registry';
export { bringUp, KafkaUnreachableError, type BringUpOptions } from '../../platform/bring-up';
export { changelogOf, type Changelog } from '../../platform/changelog';
export { deadLettersTopic } from '../../platform/dead-letters';
export { TopicMismatchError } from '../../platform/provisioning';
export {
  COMPACT,
  KEEP,
  defineTopic,
  type EventOn,
  type Topic,
  type TopicCleanup,
} from '../../platform/topic';
export {
  defineApp,
  type HandlerContext,
  type LogPosition,
  type StateOf,
  type StreamApp,
  type Timer,
  type TimerContext,
} from './app';
export { RuntimeError, type Recovery, type RuntimeErrorCode } from './errors';
export { startHealthServer, type HealthServerOptions } from './health-server';
export { openEventProducer, type EventProducer } from './kafka/event-producer';
export { partitionFor } from './kafka/partitioner';
export type { Logger } from './logger';
export type { AppHealth, AppState, RunningApp, TaskHealth } from './running-app';
export { runApp, topicsOf, type RunOptions } from './start-app';
export { TopologyTestDriver, type DriverOptions } from './test-driver';
