/**
 * `npm run acls -- --print | --apply`: what each process may do on Kafka, as ACLs of its principal.
 * By default the principal of a process is `User:` and its name; where one process runs several apps,
 * they are given the same. Kafka and how to be let in: KAFKA_BROKERS, KAFKA_TLS…, KAFKA_SASL_….
 */
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { endCommand } from '../platform/command-end';
import { kafkajsSecurity, kafkaSecurityIn } from '../platform/kafka-security';
import { accessTable, type Access } from './access';
import { aclEntriesOf, type Entry } from './acl-entries';

const USAGE = `usage: npm run acls -- --print | --apply [--principal PROCESS=PRINCIPAL]…

  --print      each ACL on a line: principal, resource, pattern, name, operation
  --apply      makes those that are missing, as the user of KAFKA_SASL_USERNAME
  --principal  such as edge=User:CN=edge,O=shop; else User:PROCESS

processes: ${accessTable()
  .map(({ process }) => process)
  .join(', ')}`;

class ArgumentError extends Error {}

async function main(): Promise<number> {
  const { values } = parsed();
  if ((values.print === true) === (values.apply === true)) {
    throw new ArgumentError('Either --print or --apply.');
  }
  const entries = aclEntriesOf(accessTable(), principalsOf(values.principal ?? []));
  if (values.print === true) for (const entry of entries) console.log(lineOf(entry));
  else await apply(entries);
  return 0;
}

function parsed() {
  try {
    return parseArgs({
      options: {
        print: { type: 'boolean' },
        apply: { type: 'boolean' },
        principal: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function principalsOf(given: readonly string[]): ReadonlyMap<string, string> {
  const known = accessTable().map(({ process }: Access) => process);
  return new Map(
    given.map((text) => {
      const [name = '', ...rest] = text.split('=');
      const principal = rest.join('=');
      if (!known.includes(name) || !/^\w+:./.test(principal)) {
        throw new ArgumentError(`--principal ${text}: it is PROCESS=User:NAME`);
      }
      return [name, principal];
    }),
  );
}

function lineOf({ principal, resource, pattern, name, operation }: Entry): string {
  return [principal, resource, pattern, name, operation].join('  ');
}

/** Idempotent: an ACL that is there stays as it is. */
async function apply(entries: readonly Entry[]): Promise<void> {
  const brokers = process.env['KAFKA_BROKERS'] ?? '';
  if (brokers === '') throw new ArgumentError('KAFKA_BROKERS is missing.');
  const kafka = new Kafka({
    clientId: 'acls',
    brokers: brokers.split(','),
    ...kafkajsSecurity(kafkaSecurityIn(process.env)),
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl: entries.map(({ acl }) => acl) });
  } finally {
    await admin.disconnect();
  }
  console.error(`${String(entries.length)} ACLs are there.`);
}

main().then(endCommand, (error: unknown) => {
  const isUsage = error instanceof ArgumentError;
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\n\n${USAGE}` : message);
  endCommand(isUsage ? 2 : 1);
});
