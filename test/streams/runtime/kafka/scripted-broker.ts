/**
 * A broker of one node that can be told how to fail: it keeps a log by partition, drops repeated
 * batches as a real one does, and answers each request as scripted, or well. For failures that a
 * real broker cannot be brought to at will; that its answers are true is shown by the broker tests,
 * which run the same client on Kafka.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { WireReader } from '../../../../streams/runtime/kafka/protocol/wire-reader';
import { WireWriter } from '../../../../streams/runtime/kafka/protocol/wire-writer';

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Produce'],
  [1, 'Fetch'],
  [3, 'Metadata'],
  [10, 'FindCoordinator'],
  [13, 'LeaveGroup'],
  [18, 'ApiVersions'],
  [22, 'InitProducerId'],
  [24, 'AddPartitionsToTxn'],
  [25, 'AddOffsetsToTxn'],
  [26, 'EndTxn'],
  [28, 'TxnOffsetCommit'],
]);

/** `lost`: done, but the socket breaks before the answer. `dropped`: breaks before it is done. */
export type Reaction = 'answered' | 'lost' | 'dropped' | 'silent' | { readonly refused: number };

interface LogEntry {
  readonly baseOffset: number;
  readonly producer: string;
  readonly bytes: Buffer;
}

interface Request {
  readonly name: string;
  readonly correlationId: number;
  readonly reader: WireReader;
  readonly socket: Socket;
}

const PARTITIONS = 6;
const HEADER = { producerId: 43, baseSequence: 53, count: 57, lastDelta: 23 } as const;

export class ScriptedBroker {
  /** What was asked, in order; EndTxn with its result, Produce with its sequence numbers. */
  readonly requests: string[] = [];
  /** Bytes of the largest request of each name. */
  readonly largest = new Map<string, number>();
  private readonly script = new Map<string, Reaction[]>();
  private readonly always = new Map<string, Reaction>();
  private readonly log = new Map<string, LogEntry[]>();
  private readonly waiting = new Set<() => void>();
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.accept(socket));
  private producerIds = 0;

  /** Listens on a free port, or on the one given. */
  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How the next requests of that name are answered; after them, well. */
  next(name: string, ...reactions: Reaction[]): void {
    this.script.set(name, [...(this.script.get(name) ?? []), ...reactions]);
  }

  from(name: string, reaction: Reaction): void {
    this.always.set(name, reaction);
  }

  /** Requests since the last call, without those that only find the way. */
  takeRequests(): readonly string[] {
    const way = ['ApiVersions', 'Metadata', 'FindCoordinator'];
    return this.requests.splice(0).filter((one) => !way.includes(one));
  }

  /** Number of records in a partition. */
  end(topic: string, partition: number): number {
    const last = this.log.get(`${topic}-${partition}`)?.at(-1);
    return last === undefined ? 0 : last.baseOffset + last.bytes.readInt32BE(HEADER.count);
  }

  get connections(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        this.handle(socket, new WireReader(received.subarray(4, end)));
        received = received.subarray(end);
      }
    });
  }

  private handle(socket: Socket, reader: WireReader): void {
    const name = NAMES.get(reader.int16()) ?? 'unknown';
    reader.int16();
    const correlationId = reader.int32();
    reader.nullableString();
    this.largest.set(name, Math.max(this.largest.get(name) ?? 0, reader.end));
    const request = { name, correlationId, reader, socket };
    const reaction = this.script.get(name)?.shift() ?? this.always.get(name) ?? 'answered';
    if (reaction === 'dropped') {
      this.requests.push(name);
      socket.destroy();
      return;
    }
    const refused = typeof reaction === 'object' ? reaction.refused : 0;
    const answer = this.answer(request, refused);
    if (answer === undefined || reaction === 'silent') return;
    if (reaction === 'lost') socket.destroy();
    else this.send(request, answer);
  }

  private send({ correlationId, socket }: Request, answer: WireWriter): void {
    const frame = new WireWriter().int32(4 + answer.length).int32(correlationId);
    if (!socket.destroyed) socket.write(Buffer.from(frame.raw(answer.bytes()).bytes()));
  }

  /** Undefined when the answer will come later. */
  private answer(request: Request, errorCode: number): WireWriter | undefined {
    const { name, reader } = request;
    const answer = new WireWriter();
    switch (name) {
      case 'ApiVersions':
        this.requests.push(name);
        return answer
          .int16(0)
          .array([...NAMES.keys()], (key) => answer.int16(key).int16(0).int16(99))
          .int32(0);
      case 'Metadata':
        this.requests.push(name);
        return this.metadata(reader, answer);
      case 'FindCoordinator':
        this.requests.push(name);
        return this.node(answer.int32(0).int16(errorCode).nullableString(null));
      case 'InitProducerId':
        this.requests.push(name);
        return answer.int32(0).int16(errorCode).int64(++this.producerIds).int16(0);
      case 'AddPartitionsToTxn':
        this.requests.push(name);
        return answer
          .int32(0)
          .array(errorCode === 0 ? [] : ['orders'], (topic) =>
            answer.string(topic).array([0], () => answer.int32(0).int16(errorCode)),
          );
      case 'TxnOffsetCommit':
        this.requests.push(name);
        return answer
          .noTags()
          .int32(0)
          .compactArray(errorCode === 0 ? [] : ['orders'], (topic) =>
            answer
              .compactString(topic)
              .compactArray([0], () => answer.int32(0).int16(errorCode).noTags())
              .noTags(),
          )
          .noTags();
      case 'AddOffsetsToTxn':
        this.requests.push(name);
        return answer.int32(0).int16(errorCode);
      case 'EndTxn':
        reader.string();
        reader.position += 10;
        this.requests.push(reader.boolean() ? 'EndTxn commit' : 'EndTxn abort');
        return answer.int32(0).int16(errorCode);
      case 'LeaveGroup':
        this.requests.push(name);
        return answer
          .int32(0)
          .int16(errorCode)
          .array([], () => undefined);
      case 'Produce':
        return this.produce(reader, answer, errorCode);
      case 'Fetch':
        this.requests.push(name);
        return this.fetch(request, errorCode);
      default:
        throw new Error(`The scripted broker does not know ${name}`);
    }
  }

  private node(answer: WireWriter): WireWriter {
    return answer.int32(1).string('127.0.0.1').int32(this.port);
  }

  private metadata(reader: WireReader, answer: WireWriter): WireWriter {
    const topics = reader.array(() => reader.string());
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    answer.int32(0).array([0], () => this.node(answer).nullableString(null));
    answer.nullableString('scripted').int32(1);
    return answer.array(topics, (topic) =>
      answer
        .int16(0)
        .string(topic)
        .boolean(false)
        .array(partitions, (partition) =>
          answer.int16(0).int32(partition).int32(1).int32(0).int32(0).int32(0).int32(0),
        ),
    );
  }

  private produce(reader: WireReader, answer: WireWriter, errorCode: number): WireWriter {
    reader.nullableString();
    reader.position += 6;
    const sequences: string[] = [];
    const topics = reader.array(() => {
      const topic = reader.string();
      const partitions = reader.array(() => {
        const partition = reader.int32();
        const bytes = Buffer.from(reader.sizedBytes());
        sequences.push(`${topic}-${partition}#${bytes.readInt32BE(HEADER.baseSequence)}`);
        const baseOffset = errorCode === 0 ? this.append(`${topic}-${partition}`, bytes) : -1;
        return { partition, baseOffset };
      });
      return { topic, partitions };
    });
    this.requests.push(`Produce ${sequences.join(' ')}`);
    answer.array(topics, ({ topic, partitions }) =>
      answer
        .string(topic)
        .array(partitions, ({ partition, baseOffset }) =>
          answer
            .int32(partition)
            .int16(errorCode)
            .int64(baseOffset)
            .int64(-1)
            .int64(0)
            .int32(0)
            .nullableString(null),
        ),
    );
    return answer.int32(0);
  }

  /** The offset of the batch; that of its first copy when it is a repeat. */
  private append(partition: string, bytes: Buffer): number {
    const log = this.log.get(partition) ?? [];
    this.log.set(partition, log);
    const id = bytes.readBigInt64BE(HEADER.producerId);
    const producer = `${id}#${bytes.readInt32BE(HEADER.baseSequence)}`;
    const repeated = log.find((entry) => entry.producer === producer);
    if (repeated !== undefined) return repeated.baseOffset;
    const last = log.at(-1);
    const baseOffset =
      last === undefined ? 0 : last.baseOffset + last.bytes.readInt32BE(HEADER.count);
    bytes.writeBigInt64BE(BigInt(baseOffset), 0);
    log.push({ baseOffset, producer, bytes });
    for (const wake of this.waiting) wake();
    return baseOffset;
  }

  /** Answers at once when there is something to read or to refuse, else with the next append. */
  private fetch(request: Request, errorCode: number): WireWriter | undefined {
    const { reader } = request;
    reader.position += 25;
    const asked = reader.array(() => {
      const topic = reader.string();
      return {
        topic,
        partitions: reader.array(() => {
          const partition = reader.int32();
          reader.int32();
          const offset = reader.int64();
          reader.position += 12;
          return { partition, offset };
        }),
      };
    });
    const look = () => {
      let found = errorCode !== 0;
      const answer = new WireWriter().int32(0).int16(0).int32(0);
      answer.array(asked, ({ topic, partitions }) =>
        answer.string(topic).array(partitions, ({ partition, offset }) => {
          const entries = this.log.get(`${topic}-${partition}`) ?? [];
          const bytes = Buffer.concat(
            entries.filter(({ baseOffset }) => baseOffset >= offset).map((entry) => entry.bytes),
          );
          if (bytes.length > 0) found = true;
          const end = this.end(topic, partition);
          answer.int32(partition).int16(errorCode).int64(end).int64(end).int64(0);
          answer
            .int32(0)
            .int32(-1)
            .sizedBytes(errorCode === 0 ? bytes : Buffer.alloc(0));
        }),
      );
      return found ? answer : undefined;
    };
    const now = look();
    if (now !== undefined) return now;
    const wake = () => {
      const answer = look();
      if (answer === undefined) return;
      this.waiting.delete(wake);
      this.send(request, answer);
    };
    this.waiting.add(wake);
    return undefined;
  }
}
