/**
 * Services behind one running edge go away and come back: frozen (they keep their connections and answer
 * nothing) and killed, alone and in pairs. Each time the edge must answer what design.md promises, in
 * time, name what is away, and be whole again by itself. At last all are frozen under load, and its
 * memory must stay what it was.
 */
import { readFileSync } from 'node:fs';
import { apiClient, keyed } from '../../edge/contract/api-client';
import { operator } from '../../local/pipeline/demo-people';
import { waitUntil } from '../../local/services/readiness';
import { systemClock } from '../../platform/clock';
import { eventId } from '../../schemas/event-id';
import { ordersRequests } from '../../topics/orders';
import { paymentsNotifications } from '../../topics/payments';
import { EdgeClient } from '../scenarios/edge-client';
import { ensurePerson, signIn } from '../scenarios/firebase-users';
import type { EdgeGround } from './edge-ground';
import {
  ANSWERED_WITHIN_MS,
  DEPENDENCIES,
  EdgeProbe,
  QUESTIONS,
  promisedStatus,
  type Dependency,
  type ProbeAnswer,
  type ProbeAnswers,
  type Question,
} from './edge-probe';
import { freeze, thaw } from './process-tree';
import { roomRecords } from './order-stream';

export type Loss = 'frozen' | 'killed';

export interface Episode {
  readonly loss: Loss;
  readonly away: readonly Dependency[];
}

export interface DependencyProofOptions {
  readonly episodes: readonly Episode[];
  /** All away, under load, for so long; 0: not at all. */
  readonly loadMs: number;
  readonly say: (line: string) => void;
}

export interface DependencyVerdict {
  readonly faults: readonly string[];
  readonly holds: boolean;
}

/** An edge notices at its next question; a lost connection may have to be missed first. */
const NOTICED_WITHIN_MS = 20_000;
/** From the moment that the services answer again. */
const BACK_WITHIN_MS = 30_000;
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;
/** Askers that wait for an answer, each with the next question at once. */
const ASKERS = 20;
const ASKED: readonly Question[] = ['order', 'webhook', 'read', 'webhook', 'log'];
const MEMORY_EVERY_MS = 1_000;
/** Of what a collector leaves lying about in a process of 200 MiB. */
const MEMORY_GROWTH_MIB = 64;
const MIB = 2 ** 20;
/** Of pino: an error that nobody meant. */
const ERROR_LEVEL = 50;
const SKU = 'PROOF-1';

/** `dependencies` one by one and two by two, in both ways. */
export function episodesOf(dependencies: readonly Dependency[]): readonly Episode[] {
  const alone = dependencies.map((one) => [one]);
  const pairs = dependencies.flatMap((one, n) =>
    dependencies.slice(n + 1).map((two) => [one, two]),
  );
  return [...alone, ...pairs].flatMap((away) => [
    { loss: 'frozen' as const, away },
    { loss: 'killed' as const, away },
  ]);
}

export async function proveDependencies(
  ground: EdgeGround,
  options: DependencyProofOptions,
): Promise<DependencyVerdict> {
  const [edge] = ground.edges;
  if (edge === undefined) throw new Error('there is no edge to ask');
  const { probe } = await openProbe(ground, edge.url);
  const proof = new Proof(ground, probe, options.say);
  const pid = edge.process.pid;
  await proof.untilWhole(READY_WITHIN_MS);
  for (const episode of options.episodes) await proof.play(episode);
  if (options.loadMs > 0) await proof.load(options.loadMs);
  await proof.findAccepted();
  if (edge.process.pid !== pid) proof.faults.push('the edge was started anew');
  proof.faults.push(...errorsIn(edge.process.logFile));
  return { faults: proof.faults, holds: proof.faults.length === 0 };
}

/** Signed in as the operator; what it orders is in the catalog, as far as the edge has read it. */
export async function openProbe(
  { running }: EdgeGround,
  url: string,
): Promise<{ readonly probe: EdgeProbe; readonly cookie: string }> {
  const { firebaseHost, firebaseProject } = running;
  await ensurePerson(firebaseHost, firebaseProject, operator);
  const { cookie } = await EdgeClient.open(url, await signIn(firebaseHost, operator));
  const api = apiClient({ url, answerWithinMs: READY_WITHIN_MS, headers: { cookie, origin: url } });
  const product = { sku: SKU, name: 'Proof', nameJa: '証', unitPrice: 1 };
  const { response } = await api.POST('/api/admin/products', {
    params: { header: keyed(SKU) },
    body: product,
  });
  if (!response.ok) throw new Error(`the product was answered ${String(response.status)}`);
  const run = eventId('dependency-proof', String(Date.now()));
  return { probe: new EdgeProbe({ ...{ url, cookie, run }, sku: SKU }), cookie };
}

/** Whatever was answered 202 or 200 must stand on its topic; what does not. */
export async function acceptedAndMissing(
  { broker, running }: EdgeGround,
  { accepted }: EdgeProbe,
): Promise<readonly string[]> {
  const records = await roomRecords(broker, running.partitions);
  const on = (topic: string) =>
    new Set(
      records.filter((record) => record.topic === topic).map(({ key }) => key?.toString('utf8')),
    );
  const [orders, webhooks] = [on(ordersRequests.name), on(paymentsNotifications.name)];
  return [
    ...accepted.orders.filter((id) => !orders.has(id)).map((id) => `order ${id}`),
    ...accepted.webhooks.filter((id) => !webhooks.has(id)).map((id) => `webhook ${id}`),
  ];
}

class Proof {
  readonly faults: string[] = [];

  constructor(
    private readonly ground: EdgeGround,
    private readonly probe: EdgeProbe,
    private readonly say: (line: string) => void,
  ) {}

  async play({ loss, away }: Episode): Promise<void> {
    const name = `${away.join(' and ')} ${loss}`;
    const lostAt = Date.now();
    await this.lose(away, loss);
    const noticedMs = await this.untilNamed(away, lostAt, name);
    const answers = await this.probe.ask();
    this.judge(answers, away, name);
    await this.giveBack(away, loss);
    const backMs = await this.untilWhole(BACK_WITHIN_MS, name);
    const slowest = [...QUESTIONS]
      .map((question) => `${question} ${described(answers[question])}`)
      .join(', ');
    this.say(
      `${name.padEnd(28)} named after ${noticedMs} ms, whole ${backMs} ms after it was back`,
    );
    this.say(`${''.padEnd(28)} ${slowest}`);
  }

  /** How long it took until every answer was as ever, ms. */
  async untilWhole(withinMs: number, name = 'the start'): Promise<string> {
    const began = Date.now();
    let last: ProbeAnswers | undefined;
    const isWhole = async () => {
      last = await this.probe.ask();
      return this.differences(last, []).length === 0;
    };
    const wait = await waitUntil(isWhole, { withinMs, everyMs: LOOK_EVERY_MS });
    if (wait.kind !== 'held') {
      const left = last === undefined ? [] : this.differences(last, []);
      this.faults.push(`not whole ${String(withinMs)} ms after ${name}: ${left.join('; ')}`);
    }
    return String(Date.now() - began);
  }

  /** All frozen; what is asked meanwhile must not pile up. */
  async load(forMs: number): Promise<void> {
    const stop = new AbortController();
    const began = await this.memory();
    await this.lose(DEPENDENCIES, 'frozen');
    let asked = 0;
    const isOver = () => stop.signal.aborted;
    const askers = Array.from({ length: ASKERS }, async (_, n) => {
      for (let turn = n; !isOver(); turn += 1) {
        const question = ASKED[turn % ASKED.length] ?? 'order';
        const answer = await this.probe.one(question);
        asked += 1;
        if (!isOver()) this.judgeOne(question, answer, DEPENDENCIES, 'load, all frozen');
      }
    });
    const seen: number[] = [];
    const until = Date.now() + forMs;
    while (Date.now() < until) {
      await systemClock.sleep(MEMORY_EVERY_MS);
      seen.push(await this.memory());
    }
    stop.abort();
    await this.giveBack(DEPENDENCIES, 'frozen');
    await Promise.all(askers);
    const backMs = await this.untilWhole(BACK_WITHIN_MS, 'load, all frozen');
    // The first seconds warm caches and buffers; what counts is whether it goes on growing.
    const half = Math.floor(seen.length / 2);
    const [early, late] = [Math.max(...seen.slice(0, half)), Math.max(...seen.slice(half))];
    this.say(
      `all frozen under load: ${String(asked)} questions in ${String(forMs / 1_000)} s, memory ` +
        `${began.toFixed(0)} MiB before, ${early.toFixed(0)} in the first half, ` +
        `${late.toFixed(0)} in the second, whole again after ${backMs} ms`,
    );
    if (late - early > MEMORY_GROWTH_MIB) {
      this.faults.push(
        `memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB while all was frozen`,
      );
    }
  }

  async findAccepted(): Promise<void> {
    const { orders, webhooks } = this.probe.accepted;
    const missing = await acceptedAndMissing(this.ground, this.probe);
    const counts = `${String(orders.length)} orders and ${String(webhooks.length)} webhooks`;
    this.say(`${counts} were accepted, ${String(missing.length)} of them are not in Kafka`);
    this.faults.push(...missing.map((what) => `${what} was accepted and is not in Kafka`));
  }

  private async lose(away: readonly Dependency[], loss: Loss): Promise<void> {
    for (const name of away) {
      const service = this.ground.service(name);
      if (loss === 'killed') await service.kill();
      else if (service.pid !== undefined) freeze(service.pid);
    }
  }

  private async giveBack(away: readonly Dependency[], loss: Loss): Promise<void> {
    await Promise.all(
      away.map(async (name) => {
        const service = this.ground.service(name);
        if (loss === 'killed') await service.start();
        else if (service.pid !== undefined) thaw(service.pid);
      }),
    );
  }

  private async untilNamed(
    away: readonly Dependency[],
    lostAt: number,
    name: string,
  ): Promise<string> {
    let down: readonly string[] = [];
    const isNamed = async () => {
      ({ down } = await this.probe.one('health'));
      return sameNames(down, away);
    };
    const wait = await waitUntil(isNamed, { withinMs: NOTICED_WITHIN_MS, everyMs: LOOK_EVERY_MS });
    if (wait.kind !== 'held')
      this.faults.push(`${name}: health names ${down.join(', ') || 'none'}`);
    return String(Date.now() - lostAt);
  }

  private judge(answers: ProbeAnswers, away: readonly Dependency[], name: string): void {
    this.faults.push(...this.differences(answers, away).map((line) => `${name}: ${line}`));
  }

  private judgeOne(
    question: Question,
    answer: ProbeAnswer,
    away: readonly Dependency[],
    name: string,
  ): void {
    const line = differenceOf(question, answer, away);
    if (line !== undefined) this.faults.push(`${name}: ${line}`);
  }

  private differences(answers: ProbeAnswers, away: readonly Dependency[]): readonly string[] {
    return QUESTIONS.flatMap((question) => differenceOf(question, answers[question], away) ?? []);
  }

  private async memory(): Promise<number> {
    const [edge] = this.ground.edges;
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    const metrics = await (await fetch(`${edge?.url ?? ''}/metrics`, { signal })).text();
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1];
    if (bytes === undefined) throw new Error('the metrics of the edge do not say its memory');
    return Number(bytes) / MIB;
  }
}

function differenceOf(
  question: Question,
  answer: ProbeAnswer,
  away: readonly Dependency[],
): string | undefined {
  const promised = promisedStatus(question, away);
  if (promised !== undefined && answer.status !== promised) {
    return `${question} was answered ${described(answer)}, not ${String(promised)}`;
  }
  if (answer.tookMs > ANSWERED_WITHIN_MS[question]) {
    return `${question} took ${String(answer.tookMs)} ms`;
  }
  if (question === 'health' && !sameNames(answer.down, away)) {
    return `health names ${answer.down.join(', ') || 'none'}`;
  }
  return undefined;
}

function described({ status, code, tookMs }: ProbeAnswer): string {
  return `${String(status)}${code === undefined ? '' : ` ${code}`} (${String(tookMs)} ms)`;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

/** What no outage explains: the edge warns of those. */
function errorsIn(logFile: string): readonly string[] {
  const lines = readFileSync(logFile, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const isJson = line.startsWith('{');
    const level = isJson ? (JSON.parse(line) as { level: number }).level : ERROR_LEVEL;
    return line !== '' && level >= ERROR_LEVEL ? [`the edge logged ${line.slice(0, 300)}`] : [];
  });
}
