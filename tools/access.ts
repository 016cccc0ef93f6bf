/**
 * Who may do what on Kafka: the one table of it, out of what each process reads and writes.
 *
 * A process may read its inputs, write its outputs and dead letters, and commit in its own group by
 * its own transactional ids; it may look at the form of every topic, since it compares all of them with
 * the catalogue before it works. The edge reads every topic for whoever inspects them, and writes what
 * it is the writer of: so a redrive to another topic is the operator's alone, by command.
 */
import { changelogTopics, allTopics, eventTopics } from '../topics/catalogue';
import { deadLetters } from '../topics/dead-letters';
import { processes, type ProcessTopics } from './process-topics';

export type ResourceType = 'topic' | 'group' | 'transactional-id';
export type Operation = 'read' | 'write' | 'delete' | 'describe' | 'describe-configs';

export interface Grant {
  readonly resource: ResourceType;
  readonly name: string;
  /** Also every name that begins with it. */
  readonly isPrefix: boolean;
  readonly operations: readonly Operation[];
}

export interface Access {
  readonly process: string;
  readonly grants: readonly Grant[];
}

/** Who calls the commands: `npm run topic`, `dead-letters`, `repair`, `webhook:replay` and the like. */
export const OPERATOR = 'operator';

/** Readers of the log besides the apps, that commit nowhere. */
const READS_EVERYTHING = eventTopics.map(({ name }) => name);
/** Of a redrive: its transactions, which also carry offsets in a group of this name. */
const REDRIVE = 'dead-letter-redrive';

export function accessTable(): readonly Access[] {
  return [
    ...processes.map((process) => ({
      process: process.name,
      grants: process.name === 'edge' ? edgeGrants(process) : appGrants(process),
    })),
    { process: OPERATOR, grants: operatorGrants() },
  ];
}

/** Whoever knows the catalogue compares it with what is there. */
function catalogueGrants(): readonly Grant[] {
  return allTopics.map(({ name }) => topicGrant(name, ['describe', 'describe-configs']));
}

function appGrants({ name, inputs, outputs, changelog }: ProcessTopics): readonly Grant[] {
  return merged([
    ...catalogueGrants(),
    ...inputs.map((topic) => topicGrant(topic.name, ['read'])),
    ...[...outputs, deadLetters].map((topic) => topicGrant(topic.name, ['write'])),
    ...(changelog === undefined ? [] : [topicGrant(changelog.name, ['read', 'write'])]),
    { resource: 'group', name, isPrefix: false, operations: ['read'] },
    { resource: 'transactional-id', name: `${name}/`, isPrefix: true, operations: ['write'] },
  ]);
}

function edgeGrants({ outputs }: ProcessTopics): readonly Grant[] {
  return merged([
    ...catalogueGrants(),
    ...READS_EVERYTHING.map((name) => topicGrant(name, ['read'])),
    ...outputs.map(({ name }) => topicGrant(name, ['write'])),
    // For the lag of each app.
    ...processes
      .filter(({ name }) => name !== 'edge')
      .map(({ name }) => groupGrant(name, ['describe'])),
    ...redriveGrants(),
  ]);
}

function operatorGrants(): readonly Grant[] {
  const inputs = processes.flatMap((process) => process.inputs);
  return merged([
    ...catalogueGrants(),
    ...READS_EVERYTHING.map((name) => topicGrant(name, ['read'])),
    ...inputs.map(({ name }) => topicGrant(name, ['write'])),
    // `npm run repair` empties a changelog and deletes the group's offsets.
    ...changelogTopics.map(({ name }) => topicGrant(name, ['read', 'delete'])),
    ...processes
      .filter(({ name }) => name !== 'edge')
      .map(({ name }) => groupGrant(name, ['describe', 'delete'])),
    ...redriveGrants(),
  ]);
}

function redriveGrants(): readonly Grant[] {
  return [
    groupGrant(REDRIVE, ['read']),
    {
      resource: 'transactional-id',
      name: `${REDRIVE}-`,
      isPrefix: true,
      operations: ['write'],
    },
  ];
}

function topicGrant(name: string, operations: readonly Operation[]): Grant {
  return { resource: 'topic', name, isPrefix: false, operations };
}

function groupGrant(name: string, operations: readonly Operation[]): Grant {
  return { resource: 'group', name, isPrefix: false, operations };
}

/** One for each resource, with all that is allowed there. */
function merged(grants: readonly Grant[]): readonly Grant[] {
  const byResource = new Map<string, Grant>();
  for (const grant of grants) {
    const key = `${grant.resource} ${grant.name}`;
    const operations = [...(byResource.get(key)?.operations ?? []), ...grant.operations];
    byResource.set(key, { ...grant, operations: [...new Set(operations)] });
  }
  return [...byResource.values()];
}
