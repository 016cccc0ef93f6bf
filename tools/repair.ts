/**
 * `npm run repair -- APP --yes`: lets an app begin from nothing. For the one case that the runtime
 * refuses to decide by itself: its changelog has records, its group has no committed offsets (they
 * were deleted, or expired while it was off for longer than the broker keeps them).
 *
 * The app will read its inputs from the start and write all its outputs again. They carry the
 * eventIds that they had, so participants, views and the dashboard absorb them; a reader of yours
 * must do so too. That is why it asks for --yes.
 */
import { parseArgs } from 'node:util';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { changelogTopics } from '../topics/catalogue';
import { endCommand } from '../platform/command-end';
import { findConnection } from '../platform/connection';
import { kafkajsSecurity } from '../platform/kafka-security';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false } },
  });
  const [app = ''] = positionals;
  const changelog = changelogTopics.find(({ name }) => name === `${app}.changelog.v1`);
  if (changelog === undefined) {
    console.error('npm run repair -- APP --yes, where APP is one of');
    for (const { name } of changelogTopics) console.error(`  ${name.split('.')[0] ?? name}`);
    return 1;
  }
  if (!values.yes) {
    console.error(
      `${app} would reprocess its inputs and write every output again, eventIds unchanged.`,
    );
    console.error(`Stop all its instances, then: npm run repair -- ${app} --yes`);
    return 1;
  }
  const { brokers, security } = findConnection();
  const kafka = new Kafka({
    clientId: 'repair',
    brokers: [...brokers],
    ...kafkajsSecurity(security),
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await repair(admin, app, changelog.name);
  } finally {
    await admin.disconnect();
  }
}

async function repair(admin: Admin, app: string, changelog: string): Promise<number> {
  const { groups } = await admin.describeGroups([app]);
  const members = groups.find(({ groupId }) => groupId === app)?.members.length ?? 0;
  if (members > 0) {
    console.error(
      `${app} is still running: its group has ${String(members)} members. Stop them first.`,
    );
    return 1;
  }
  // The changelog first: killed in between, the app refuses to start and this can be run again.
  const ends = await admin.fetchTopicOffsets(changelog);
  await admin.deleteTopicRecords({
    topic: changelog,
    partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
  });
  if (groups.some(({ groupId, state }) => groupId === app && state !== 'Dead')) {
    await admin.deleteGroups([app]);
  }
  console.log(`${app} reprocesses its topics from the start when it starts again.`);
  return 0;
}

main().then(endCommand, (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  endCommand(1);
});
