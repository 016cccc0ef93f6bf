/**
 * `npm run dead-letters -- list | show | redrive`: records that an app could not process, and writing
 * them to their topics again once the reason is mended. Finds Kafka and the registry where the
 * environment says, else in the stack that runs on var/.
 */
import { endCommand } from '../../platform/command-end';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { recordTypes } from '../../schemas/avro-types';
import { Codec } from '../../platform/avro/codec';
import { SchemaRegistry } from '../../platform/avro/schema-registry';
import { findConnection } from '../../platform/connection';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import type { Broker } from '../../streams/runtime/broker';
import { lettersIn, type Letter, type LetterFilter } from './letters';
import { examined, redriven, type ExaminedLetter } from './redrive';

const USAGE = `usage: npm run dead-letters -- list [--app APP] [--code CODE]
       npm run dead-letters -- show ID
       npm run dead-letters -- redrive ID… | --app APP --code CODE  [--yes]

  list     each with its id, app, code, place and whether it was redriven
  show     all of one
  redrive  without --yes only says what would be done`;

/** More at once would be no accident to be mended by hand. */
const LETTERS_MAX = 100_000;

interface Arguments {
  readonly verb: 'list' | 'show' | 'redrive';
  readonly filter: LetterFilter;
  readonly isConfirmed: boolean;
}

class ArgumentError extends Error {}

async function main(): Promise<number> {
  const { verb, filter, isConfirmed } = readArguments();
  const { brokers, registryUrl, registryToken, security } = findConnection();
  const codec = new Codec(recordTypes, new SchemaRegistry(registryUrl, recordTypes, registryToken));
  const broker = await connectBroker({ ...security, brokers, clientId: 'dead-letters' });
  try {
    const letters = await lettersIn(broker, codec, filter, LETTERS_MAX);
    switch (verb) {
      case 'list':
        for (const one of await examined(broker, letters)) write(lineOf(one));
        if (letters.length === 0) process.stderr.write('There is no dead letter.\n');
        return 0;
      case 'show':
        return await show(broker, letters);
      case 'redrive':
        return isConfirmed ? await redrive(broker, letters) : await preview(broker, letters);
    }
  } finally {
    await broker.close();
  }
}

function readArguments(): Arguments {
  const { positionals, values } = parsed();
  const [verb, ...ids] = positionals;
  const { app, code: errorCode, yes: isConfirmed } = values;
  if (verb !== 'list' && verb !== 'show' && verb !== 'redrive') {
    throw new ArgumentError(verb === undefined ? 'What?' : `There is no ${verb}.`);
  }
  if (verb === 'show' && ids.length !== 1) throw new ArgumentError('show takes one id.');
  if (verb === 'redrive' && ids.length === 0 && (app === undefined || errorCode === undefined)) {
    throw new ArgumentError('redrive takes ids, or the app and the code of a whole reason.');
  }
  const filter: LetterFilter = {
    ...(ids.length === 0 ? {} : { eventIds: ids }),
    ...(app === undefined ? {} : { app }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
  return { verb, filter, isConfirmed };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        app: { type: 'string' },
        code: { type: 'string' },
        yes: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

async function show(broker: Broker, letters: readonly Letter[]): Promise<number> {
  const [one] = await examined(broker, letters);
  if (one === undefined) return none();
  const { letter, place, state } = one;
  const headers = Object.entries(letter.headers).map(([name, bytes]) => [name, textOf(bytes)]);
  const readable = {
    ...letter,
    occurredAt: new Date(letter.occurredAt).toISOString(),
    key: textOf(letter.key),
    value: letter.value?.toString('base64') ?? null,
    headers: Object.fromEntries(headers) as unknown,
    stands: place,
    state,
  };
  write(JSON.stringify(readable, null, 2));
  return 0;
}

async function preview(broker: Broker, letters: readonly Letter[]): Promise<number> {
  const all = await examined(broker, letters);
  for (const one of all) write(lineOf(one));
  write(`${summary(all)}; nothing was written. Add --yes to redrive those that wait.`);
  return all.length === 0 ? 1 : 0;
}

async function redrive(broker: Broker, letters: readonly Letter[]): Promise<number> {
  if (letters.length === 0) return none();
  const all = await redriven(broker, letters, userInfo().username);
  for (const one of all) write(lineOf(one, 'redriven now'));
  write(summary(all));
  return all.some(({ state }) => state.kind === 'lost') ? 1 : 0;
}

function none(): number {
  write('There is no such dead letter.');
  return 1;
}

function lineOf({ letter, state }: ExaminedLetter, waiting = 'waiting'): string {
  const { eventId, app, errorCode, topic, partition, offset, reason } = letter;
  const place = `${topic}-${String(partition)}@${String(offset)}`;
  const told = {
    waiting,
    redriven: 'redriven before',
    lost: state.kind === 'lost' ? `cannot be redriven: ${state.reason}` : '',
  }[state.kind];
  return `${eventId}  ${app}  ${errorCode}  ${place}  ${told}  ${reason.split('\n')[0] ?? ''}`;
}

function summary(all: readonly ExaminedLetter[]): string {
  const count = (kind: string) => String(all.filter(({ state }) => state.kind === kind).length);
  const total = all.length === 1 ? '1 dead letter' : `${String(all.length)} dead letters`;
  return `${total}: ${count('waiting')} waited, ${count('redriven')} redriven before, ${count('lost')} cannot be`;
}

function textOf(bytes: Buffer | null): string | null {
  return bytes?.toString('utf8') ?? null;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(endCommand, (error: unknown) => {
  const isTyped = error instanceof ArgumentError;
  process.stderr.write(isTyped ? `${error.message}\n\n${USAGE}\n` : `${String(error)}\n`);
  endCommand(isTyped ? 2 : 1);
});
