/**
 * `npm run rules:backtest -- [--since TIME] [--until TIME] [--grace-a 60s] [--grace-b 60s] [--json]`:
 * what the rules would have raised over the past topics with these graces, against what was raised.
 * Reads only. Status 0 when there is no difference, 1 when there is one, 2 when the command line or
 * the stack is wrong, as diff(1) has it.
 */
import { endCommand } from '../platform/command-end';
import { recordTypes } from '../schemas/avro-types';
import { parseArgs } from 'node:util';
import { Codec } from '../platform/avro/codec';
import { SchemaRegistry } from '../platform/avro/schema-registry';
import type { AlertOutcome } from '../streams/alerts/backtest/alert-outcome';
import { backtest, type BacktestResult } from '../streams/alerts/backtest/backtest';
import { isDifferent, type Pair, type Sums } from '../streams/alerts/backtest/comparison';
import { alertsDefaults, type AlertsSettings } from '../streams/alerts/settings';
import { systemClock } from '../platform/clock';
import { readCommandTime } from '../platform/command-time';
import { connectBroker } from '../streams/runtime/kafka/kafka-broker';
import { findConnection, findRunningStack } from '../platform/connection';

const USAGE = `usage: npm run rules:backtest -- [options]

  --since TIME    alerts that were detected from then on: 2026-11-22T16:00 in the shop's time zone
                  (SHOP_TIME_ZONE, Asia/Tokyo), 2026-11-22T16:00Z, or 30m, 2h, 7d ago (default: all)
  --until TIME    and before then (default: 10 s ago, because the app may be a moment behind)
  --grace-a TIME  500ms, 30s, 2m (default: the grace in force)
  --grace-b TIME  the same for rule B
  --json          the whole comparison as JSON

Kafka and the registry are those of the stack that runs, or of the environment (KAFKA_BROKERS,
SCHEMA_REGISTRY_URL, and ALERTS_RULE_A_GRACE_MS, ALERTS_RULE_B_GRACE_MS for what is in force).`;

/** What is detected in the meantime may not be raised yet. */
const BEHIND_MS = 10_000;

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

async function main(): Promise<number> {
  const values = readArguments();
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const now = systemClock.now();
  // JSON on the standard output is for programs.
  const say = values.json === true ? console.error : console.log;
  const timeOf = (option: string, text: string) => {
    const time = readCommandTime(text, now);
    if (time.kind === 'refused') throw new ArgumentError(`${option} ${text} ${time.why}`);
    if (time.taken !== null) say(`${option} ${text} is taken ${time.taken}`);
    return time.at;
  };
  const span = {
    since: values.since === undefined ? 0 : timeOf('--since', values.since),
    until: values.until === undefined ? now - BEHIND_MS : timeOf('--until', values.until),
  };
  if (span.since >= span.until) throw new ArgumentError('--since is not before --until');
  const inForce = gracesInForce();
  const settings: AlertsSettings = {
    ...inForce,
    ...(values['grace-a'] === undefined ? {} : { ruleAGraceMs: durationOf(values['grace-a']) }),
    ...(values['grace-b'] === undefined ? {} : { ruleBGraceMs: durationOf(values['grace-b']) }),
  };
  const { brokers, registryUrl, registryToken, security } = findConnection();
  const broker = await connectBroker({ ...security, brokers, clientId: 'rules-backtest' });
  try {
    const codec = new Codec(
      recordTypes,
      new SchemaRegistry(registryUrl, recordTypes, registryToken),
    );
    const result = await backtest({ broker, codec, clock: systemClock }, settings, span);
    const told = { ...span, inForce, settings };
    console.log(values.json === true ? jsonOf(result, told) : textOf(result, told));
    return isDifferent(result.comparison) ? 1 : 0;
  } finally {
    await broker.close();
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        since: { type: 'string' },
        until: { type: 'string' },
        'grace-a': { type: 'string' },
        'grace-b': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Of the environment, else of the stack that runs, else the app's own. */
function gracesInForce(): AlertsSettings {
  const { ALERTS_RULE_A_GRACE_MS: a, ALERTS_RULE_B_GRACE_MS: b, KAFKA_BROKERS } = process.env;
  const running = KAFKA_BROKERS === undefined ? findRunningStack() : alertsDefaults;
  return {
    ...alertsDefaults,
    ruleAGraceMs: a === undefined ? running.ruleAGraceMs : durationOf(`${a}ms`),
    ruleBGraceMs: b === undefined ? running.ruleBGraceMs : durationOf(`${b}ms`),
  };
}

function durationOf(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (match === null) throw new ArgumentError(`${text} is not a time; write 500ms, 30s or 2m`);
  return Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS];
}

interface Told {
  readonly since: number;
  readonly until: number;
  readonly inForce: AlertsSettings;
  readonly settings: AlertsSettings;
}

function jsonOf(result: BacktestResult, told: Told): string {
  return JSON.stringify({ ...told, ...result, different: isDifferent(result.comparison) }, null, 2);
}

function textOf({ comparison, records, unhandled }: BacktestResult, told: Told): string {
  const { more, fewer, otherwise, same, raised, run } = comparison;
  const { since, until, settings, inForce } = told;
  const behind = `${unhandled} of them the alerts app has not handled yet: their alerts count as more`;
  return [
    `alerts detected ${since === 0 ? 'from the start' : `from ${stamp(since)}`} until ${stamp(until)}`,
    `grace of rule A  ${seconds(settings.ruleAGraceMs)} (in force ${seconds(inForce.ruleAGraceMs)})`,
    `grace of rule B  ${seconds(settings.ruleBGraceMs)} (in force ${seconds(inForce.ruleBGraceMs)})`,
    `records read     ${records}${unhandled > 0 ? `; ${behind}` : ''}`,
    '',
    `raised then      ${sumsText(raised)}`,
    `raised now       ${sumsText(run)}`,
    `the same ${same}, more ${more.length}, fewer ${fewer.length}, otherwise ${otherwise.length}`,
    ...more.map((outcome) => `more       ${outcomeText(outcome)}`),
    ...fewer.map((outcome) => `fewer      ${outcomeText(outcome)}`),
    ...otherwise.map(pairText),
    ...(isDifferent(comparison) ? [] : ['no difference']),
  ].join('\n');
}

function sumsText({ alerts, byRule, moneyAtRisk }: Sums): string {
  const rules = Object.entries(byRule).sort();
  const counts = rules.map(([rule, count]) => `${rule} ${count}`).join(', ');
  const money = Object.entries(moneyAtRisk).map(([currency, amount]) => `${amount} ${currency}`);
  return alerts === 0 ? '0' : `${alerts} (${counts}), at risk ${money.join(', ')}`;
}

function outcomeText({ rule, orderId, observed, evidence, ...outcome }: AlertOutcome): string {
  const places = evidence.map(
    ({ topic, partition, offset, type }) => `${type} ${topic}-${partition}@${offset}`,
  );
  return `${rule}  ${stamp(outcome.detectedAt)}  order ${orderId}  ${observed}; ${endText(outcome)}  [${places.join(', ')}]`;
}

function pairText({ raised, run }: Pair): string {
  return `otherwise  then ${outcomeText(raised)}\n           now  ${outcomeText(run)}`;
}

function endText({ count, end }: Pick<AlertOutcome, 'count' | 'end'>): string {
  const times = count === 1 ? '' : `${count} times, `;
  return end.kind === 'open' ? `${times}open` : `${times}resolved ${stamp(end.at)} by ${end.by}`;
}

function stamp(at: number): string {
  return new Date(at).toISOString();
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

main().then(endCommand, (error: unknown) => {
  const { message } = error as Error;
  console.error(error instanceof ArgumentError ? `${message}\n\n${USAGE}` : message);
  endCommand(2);
});
