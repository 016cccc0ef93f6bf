/**
 * B1: every limit of the runtime has a test that reaches it. This is the register: a limit that is
 * not in it fails, and so does an entry whose test is gone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  KAFKA_LIMITS,
  TASK_LIMITS,
  WATCH_LIMITS,
  WORKER_LIMITS,
} from '../../../streams/runtime/limits';

const CONTRACT = 'broker-contract.ts';
const BROKER = 'kafka/broker.broker.test.ts';
const EVENTS = 'kafka/event-producer.test.ts';
const READER = 'kafka/record-reader.test.ts';
const TRANSACTIONS = 'kafka/transactional-producer.test.ts';
const BATCHES = 'kafka/protocol/record-batch.test.ts';
const TASK = 'task/task.test.ts';
const TASK_LIMITS_TEST = 'task/task-limits.test.ts';
const RUNNING = 'task/running-task.test.ts';
const DECODER = 'task/record-decoder.test.ts';
const RESTORE = 'task/restore.test.ts';
const INPUT_WATCH = 'watch/input-watch.test.ts';
const WATCHDOG = 'watch/watchdog.test.ts';
const MEMBER_PRODUCER = 'member-producer.test.ts';
const GROUP_WORKER = 'group-worker.test.ts';
const TAKEOVER = 'takeover.broker.test.ts';

const KAFKA_LIMITS_TEST = 'kafka/kafka-limits.test.ts';

const KEEPS_PLACE =
  'a member under load, on a machine that is busy, keeps its place for longer than a session';
const LARGE = 'keeps the order of many records over many partitions';

const REACHED: Readonly<Record<string, readonly [file: string, test: string]>> = {
  connectTimeoutMs: [KAFKA_LIMITS_TEST, 'a broker that does not take the connection'],
  requestTimeoutMs: [KAFKA_LIMITS_TEST, 'a broker that does not answer'],
  retryBackoffMinMs: [TRANSACTIONS, 'asks again where the coordinator says that it was too early'],
  retryBackoffMaxMs: [TRANSACTIONS, 'gives up opening when no broker answers for long'],
  unreachableMs: [READER, 'reports brokers that stay away, and reads on when they are back'],
  unknownTopicGraceMs: [CONTRACT, 'names a topic that does not exist'],
  fetchBytesMax: [BROKER, 'brings no more in one fetch than fits in memory'],
  fetchPartitionBytesMax: [CONTRACT, LARGE],
  fetchWaitMs: [READER, 'reads a new partition while a fetch for another is still waiting'],
  fetchesPerLeaderMax: [READER, 'gives up a fetch that waits only for partitions nobody wants'],
  uncompressedBatchBytesMax: [BATCHES, 'is refused when it unpacks to more than its limit'],
  batchBytesMax: [CONTRACT, LARGE],
  produceBytesMax: [KAFKA_LIMITS_TEST, 'a large transaction goes out in requests'],
  producesInFlightMax: [KAFKA_LIMITS_TEST, 'no more requests are under way'],
  transactionTimeoutMs: [TRANSACTIONS, 'when its own transaction ran over the timeout'],
  endTransactionTimeoutMs: [TRANSACTIONS, 'when the abort cannot be confirmed'],
  heartbeatsPerSessionMin: [TAKEOVER, KEEPS_PLACE],
  heartbeatIntervalMaxMs: [TAKEOVER, KEEPS_PLACE],
  leaveTimeoutMs: [KAFKA_LIMITS_TEST, 'leaving is given up'],
  eventQueueRecordsMax: [EVENTS, 'B1: refuses at once what is over its queue'],

  queueRecordsMax: [TASK, 'a partition with too much waiting is paused'],
  queueRecordsResume: [TASK, 'and read again once little waits'],
  roundRecordsMax: [TASK_LIMITS_TEST, 'a round handles no more records than its limit'],
  commitRecordsMax: [TASK_LIMITS_TEST, 'a commit is made once it has its records, and not before'],
  transactionGatherMs: [
    MEMBER_PRODUCER,
    'tasks that come back at once are in the next transaction',
  ],
  transactionBytesMax: [MEMBER_PRODUCER, 'tasks that write much are committed one after the other'],
  commitBytesMax: [TASK_LIMITS_TEST, 'a commit of large records is made before it outgrows'],
  commitIntervalMs: [TASK_LIMITS_TEST, 'nothing that is handled waits longer than the interval'],
  commitBacklogIntervalMs: [TASK_LIMITS_TEST, 'what is far behind gathers longer'],
  cachedStatesMax: ['task/state-cache.test.ts', 'one that is not used goes'],
  timersInMemoryMax: [TASK_LIMITS_TEST, 'more timers than stand in memory all fire'],
  recordBytesMax: [TASK_LIMITS_TEST, 'what is too large to be emitted is a dead letter'],
  deadLetterValueBytesMax: [RUNNING, 'a letter is cut to what fits'],
  deadLetterKeyBytesMax: [RUNNING, 'a letter is cut to what fits'],
  deadLetterHeaderBytesMax: [TASK_LIMITS_TEST, 'keeps the headers that fit'],
  deadLetterReasonCharactersMax: [TASK_LIMITS_TEST, 'quotes no more of a reason than fits'],
  deadLettersPerMinuteMax: [TASK, 'a flood of dead letters is a bug, and ends the app'],
  retakeBackoffMinMs: [TASK, 'and its outputs stand once'],
  retakeBackoffMaxMs: [TASK, 'a task that fails again and again waits longer, up to a limit'],
  fencedPauseMs: [TASK, 'a fenced one waits until the group has had its say'],
  retryBackoffMs: [DECODER, 'a registry that is away is asked again after a pause'],
  schemaPatienceMs: [DECODER, 'is a dead letter when it has not come in time'],
  gateRecheckMs: [TASK_LIMITS_TEST, 'looks again after the recheck, not in a loop'],
  restoreRecordsMax: [RESTORE, 'no write holds more records than its limit'],
  restoreReportMs: ['task/restore-progress.test.ts', 'it is time for a line in the log'],
  sweepTimersMax: [RESTORE, 'also when there are more than one look takes'],
  storeMemtableBytes: [TASK_LIMITS_TEST, 'writes a table before more than its memory'],
  storeIteratorRows: [TASK_LIMITS_TEST, 'gives more timers than an iterator fetches at once'],
  pollWaitMs: [KAFKA_LIMITS_TEST, 'a poll that finds nothing ends after its wait'],

  watchIntervalMs: [WATCHDOG, 'a step that does not end is reported'],
  taskStallMs: [WATCHDOG, 'a step that does not end is reported'],
  readStallMs: [INPUT_WATCH, 'what is in the log and not read for too long stalls the task'],
  openTransactionMs: [INPUT_WATCH, 'a last stable offset that does not move below the end'],
  openTransactionRetakeMs: [WATCHDOG, 'the task taken again and again until it ends'],
  retakeStallMs: [WATCHDOG, 'ends the process when that did not help'],
  brokersAwayMs: [WATCHDOG, 'count as away over questions that were given up'],
  holdStallMs: [WATCHDOG, 'a rebalance that does not settle ends the process'],

  sessionTimeoutMs: [TAKEOVER, 'is handled by another one within ten seconds'],
  roundBackoffMinMs: [GROUP_WORKER, 'is waited out while it is the surroundings'],
  roundBackoffMaxMs: [GROUP_WORKER, 'longer each time, up to a limit'],
  startRetryMs: ['patient-app.test.ts', 'Kafka and the registry are waited for'],
  rebalanceTimeoutMs: [CONTRACT, 'whose revocation outlasts the rebalance timeout'],
  giveUpMs: ['watch/watchdog.broker.test.ts', 'does not keep the process from ending'],
  clockSlackMs: ['task/late-time.test.ts', 'within the slack a fast one does not fire'],
};

const names = [KAFKA_LIMITS, TASK_LIMITS, WATCH_LIMITS, WORKER_LIMITS].flatMap((limits) =>
  Object.keys(limits),
);

test('every limit is in the register, and nothing else is', () => {
  expect(Object.keys(REACHED).sort()).toEqual([...names].sort());
});

test.each(Object.entries(REACHED))('%s is reached by a test that is there', (_name, entry) => {
  const [file, title] = entry;
  const text = readFileSync(join(__dirname, file), 'utf8');
  expect(text.replace(/\s+/g, ' ')).toContain(title);
});
