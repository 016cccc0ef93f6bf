/**
 * `tsx proof/bench/task-cost.ts [events] [rounds]`: what one task of the alerts app costs, in CPU
 * microseconds an event, without a broker: bytes as a fetch brings them go in, bytes as a produce
 * request carries them come out, with a real store below.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alertsApp } from '../../streams/alerts/topology';
import { alertsDefaults } from '../../streams/alerts/settings';
import type { Broker, NewRecord, TransactionalProducer } from '../../streams/runtime/broker';
import { writeRecordBatch } from '../../streams/runtime/kafka/protocol/record-batch';
import { readRecordSet } from '../../streams/runtime/kafka/protocol/record-batch-reader';
import { WireWriter } from '../../streams/runtime/kafka/protocol/wire-writer';
import { RocksDbStore } from '../../streams/runtime/store/rocksdb-store';
import { InputQueue } from '../../streams/runtime/task/input-queue';
import { RecordDecoder } from '../../streams/runtime/task/record-decoder';
import { RunningTask } from '../../streams/runtime/task/running-task';
import { Codec } from '../../platform/avro/codec';
import { systemClock } from '../../platform/clock';
import { recordTypes as eventRecords } from '../../schemas/avro-types';
import { deadLetters } from '../../topics/dead-letters';
import { OrderLog } from './order-log';

const BATCH_BYTES = 768 * 1024;

async function main() {
  const [events = 100_000, rounds = 3] = process.argv.slice(2).map(Number);
  const app = alertsApp({ ...alertsDefaults, ruleAGraceMs: 2_000, ruleBGraceMs: 2_000 });
  const codec = Codec.local(eventRecords, [...app.inputs, ...app.outputs, app.changelog, deadLetters]);
  const sets = new Map<string, { bytes: Buffer; from: number; to: number }[]>();
  const open = new Map<string, NewRecord[]>();
  const ends = new Map<string, number>();
  let at = Date.now() - 3_600_000;
  const close = (topic: string) => {
    const records = open.get(topic) ?? [];
    if (records.length === 0) return;
    const from = ends.get(topic) ?? 0;
    const writer = new WireWriter(BATCH_BYTES * 2);
    writeRecordBatch(writer, records, { producerId: 1, producerEpoch: 0, baseSequence: 0, transactional: false, timestamp: at });
    const bytes = Buffer.from(writer.bytes());
    bytes.writeBigInt64BE(BigInt(from), 0);
    const list = sets.get(topic) ?? [];
    sets.set(topic, list);
    list.push({ bytes, from, to: from + records.length });
    ends.set(topic, from + records.length);
    open.set(topic, []);
  };
  let total = 0;
  for (const wave of new OrderLog({ seed: 1, events, waves: 4, shareOfEachRule: 0.01 }).waves()) {
    for (const { topic, event } of wave) {
      const record = { topic: topic.name, partition: 0, key: event.orderId, value: codec.encode(topic.name, event as never) };
      const list = open.get(topic.name) ?? [];
      open.set(topic.name, list);
      list.push(record);
      total += 1;
      if (list.length >= 200) { for (const name of open.keys()) close(name); at += 20; }
    }
    for (const topic of open.keys()) close(topic);
    at += 2_500;
  }
  for (let round = 0; round < rounds; round += 1) {
    const folder = mkdtempSync(path.join(tmpdir(), 'task-cost-'));
    const store = await RocksDbStore.open(folder);
    const decoder = new RecordDecoder(app, codec, systemClock, new AbortController().signal);
    let written = 0; let bytesOut = 0; let commits = 0;
    const writers = new WireWriter(8 * 1024 * 1024);
    const producer: TransactionalProducer = {
      commit: ({ records, offsets }) => {
        commits += 1;
        const runs = new Map<string, NewRecord[]>();
        for (const record of records) { const run = runs.get(record.topic) ?? []; runs.set(record.topic, run); run.push(record); }
        const writer = new WireWriter(1024 * 1024);
        for (const run of runs.values()) writeRecordBatch(writer, run, { producerId: 1, producerEpoch: 0, baseSequence: 0, transactional: true, timestamp: 0 });
        bytesOut += writer.length;
        offsets(records.map(() => written++));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const queues = app.inputs.map((topic) => new InputQueue(topic, 0, 0));
    const broker = { logEnds: (places: { topic: string }[]) => Promise.resolve(new Map(places.map(({ topic }) => [`${topic}-0`, ends.get(topic) ?? 0]))) } as unknown as Broker;
    const task = new RunningTask(
      { app, partitions: 1, deadLetters, broker, decoder, clock: systemClock, clockSlackMs: 100 },
      { partition: 0, producer, store, queues, checkpoint: { seq: 0, changelogPosition: 0, storeId: 'x', clusterId: 'x', writtenAt: 0 }, timers: [] },
    );
    const waiting = [...sets].map(([topic, list]) => ({ topic, list, next: 0 }));
    const threads0 = threadTimes(); const cpu0 = process.cpuUsage(); const t0 = performance.now();
    for (;;) {
      let offered = false;
      for (const source of waiting) {
        if (!task.hungry({ topic: source.topic, partition: 0 })) continue;
        const set = source.list[source.next];
        if (set === undefined) continue;
        source.next += 1; offered = true;
        const { records, nextOffset } = readRecordSet({ topic: source.topic, partition: 0, fromOffset: set.from, aborted: [], bytes: set.bytes });
        task.offer({ topic: source.topic, partition: 0, records, nextOffset, highWatermark: ends.get(source.topic) ?? 0, lastStableOffset: 0 });
      }
      const step = await task.step();
      if (step.kind === 'idle' && !offered) break;
    }
    await task.settle();
    const cpu = process.cpuUsage(cpu0);
    const us = (cpu.user + cpu.system) / total;
    console.log(`round ${round}: ${total} events, ${us.toFixed(2)} us CPU/event (${(1e6 / us).toFixed(0)}/CPU-s), wall ${((performance.now() - t0) / 1000).toFixed(2)} s, ${commits} commits, ${written} records out, ${(bytesOut / 1048576).toFixed(1)} MiB, rss ${(process.memoryUsage().rss / 1048576).toFixed(0)}`);
    const threads = threadTimes();
    console.log([...threads].map(([id, t]) => [t.name, (t.ms - (threads0.get(id)?.ms ?? 0)) * 1000 / total] as const).filter(([, v]) => v > 0.2).sort((a, b) => b[1] - a[1]).map(([n, v]) => `${n} ${v.toFixed(1)}`).join(', '));
    await task.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
function threadTimes() {
  return new Map(readdirSync('/proc/self/task').map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [id, { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), ms: (Number(fields[11]) + Number(fields[12])) * 10 }] as const;
  }));
}
void main();
