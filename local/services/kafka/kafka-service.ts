/**
 * Owns the Kafka brokers: one, or a cluster of several on this machine. A data folder keeps the
 * cluster id it was formatted with; an emptied one gets another id, by which read models and state
 * stores notice that their log is gone.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../processes/command';
import { classArchive } from '../java/class-archive';
import { installProgram, programFolder, type KafkaProgram } from '../maven/maven-programs';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';
import { brokerAnswers } from './broker-readiness';
import { SCRAM, type BrokerSecurity, type BrokerUser } from './broker-security';
import { serverProperties, type KafkaNode } from './server-properties';

/** A first start takes 5 to 10 s alone; beside four other services on two slow cores, longer. */
const READY_WITHIN_MS = 90_000;
/** A controlled shutdown takes 1 to 3 s; it writes what spares the next start a log recovery. */
const STOP_WITHIN_MS = 30_000;

const LOGGING = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn',
];

/** Each broker has one port for clients and one for the other controllers. */
const PORTS_PER_BROKER = 2;
const FIRST_PORT = 9092;

export interface KafkaOptions {
  readonly brokers: number;
  readonly program?: KafkaProgram;
  /** By default whoever reaches the port is let in, which is loopback's. */
  readonly security?: BrokerSecurity;
}

interface KafkaPlan {
  readonly program: KafkaProgram;
  readonly security: BrokerSecurity | undefined;
}

export function kafkaService({ brokers, program = 'kafka', security }: KafkaOptions): Service {
  const plan: KafkaPlan = { program, security };
  return {
    name: 'kafka',
    variable: 'KAFKA_BROKERS',
    usualPorts: Array.from(
      { length: PORTS_PER_BROKER * brokers },
      (_, index) => FIRST_PORT + index,
    ),
    needsJava: true,
    address: (ports) => nodesAt(ports).map(addressOf).join(','),
    install: (installation) => installProgram(program, installation),
    prepare: (site) => prepareKafka(site, plan),
    answers: (address) => brokerAnswers(address, security?.operator),
  };
}

function nodesAt(ports: readonly number[]): readonly KafkaNode[] {
  return Array.from({ length: ports.length / PORTS_PER_BROKER }, (_, index) => ({
    id: index + 1,
    brokerPort: portAt(ports, index * PORTS_PER_BROKER),
    controllerPort: portAt(ports, index * PORTS_PER_BROKER + 1),
  }));
}

function addressOf({ brokerPort }: KafkaNode): string {
  return loopback([brokerPort]);
}

async function prepareKafka(site: Site, plan: KafkaPlan): Promise<readonly ServiceProcess[]> {
  const nodes = nodesAt(site.ports);
  const cluster = knownClusterId(site, nodes) ?? newClusterId();
  return Promise.all(nodes.map((node) => prepareNode({ site, plan, nodes, node, cluster })));
}

interface NodeSite {
  readonly site: Site;
  readonly plan: KafkaPlan;
  readonly nodes: readonly KafkaNode[];
  readonly node: KafkaNode;
  readonly cluster: string;
}

async function prepareNode(nodeSite: NodeSite): Promise<ServiceProcess> {
  const { site, nodes, node, plan } = nodeSite;
  const { security } = plan;
  const program = programFolder(site.cache, plan.program);
  const classPath = path.join(program, '*');
  const folder = nodeFolder(site, node);
  mkdirSync(folder, { recursive: true });
  await formatOnce({ ...nodeSite, folder, classPath });
  const logFolder = path.join(folder, LOG);
  const properties = writeProperties(
    folder,
    serverProperties({ logFolder, nodes, node, security }),
  );
  const archive = classArchive(program);
  return {
    name: node.id === 1 ? 'kafka' : `kafka-${node.id}`,
    address: addressOf(node),
    command: 'java',
    args: [
      ...archive.flags,
      '-Xms256m',
      '-Xmx1g',
      '-XX:+UseG1GC',
      '-Djava.awt.headless=true',
      ...LOGGING,
      '-cp',
      classPath,
      'kafka.Kafka',
      properties,
    ],
    environment: process.env,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    afterStart: archive.write,
  };
}

const LOG = 'log';
const META = 'meta.properties';

/** The first broker's data lies where that of a single one does. */
function nodeFolder(site: Site, { id }: KafkaNode): string {
  return id === 1 ? site.data : path.join(site.data, `node-${id}`);
}

interface Formatting extends NodeSite {
  readonly folder: string;
  readonly classPath: string;
}

/** Formatted aside and renamed, so that a start killed half-way leaves no half-formatted log. */
async function formatOnce(formatting: Formatting): Promise<void> {
  const { site, plan, nodes, node, cluster, folder, classPath } = formatting;
  const { security } = plan;
  const logFolder = path.join(folder, LOG);
  if (existsSync(path.join(logFolder, META))) return;
  const draft = path.join(folder, 'format');
  const draftLog = path.join(draft, LOG);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draftLog, { recursive: true });
  await runCommand({
    purpose: 'formatting the Kafka log',
    command: 'java',
    args: [
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      cluster,
      '-c',
      writeProperties(draft, serverProperties({ logFolder: draftLog, nodes, node, security })),
      ...(security?.users ?? []).flatMap(scramFlags),
    ],
    folder: site.data,
    abandon: site.abandon,
  });
  rmSync(logFolder, { recursive: true, force: true });
  renameSync(draftLog, logFolder);
  rmSync(draft, { recursive: true });
}

/** Users that the broker needs before it runs: its own among them. */
function scramFlags({ username, password }: BrokerUser): readonly string[] {
  return ['--add-scram', `${SCRAM}=[name=${username},password=${password}]`];
}

function writeProperties(folder: string, text: string): string {
  const file = path.join(folder, 'server.properties');
  writeFileSync(file, text);
  return file;
}

/** Of nodes that were formatted before: all of a cluster have the same. */
function knownClusterId(site: Site, nodes: readonly KafkaNode[]): string | undefined {
  const metas = nodes.map((node) => path.join(nodeFolder(site, node), LOG, META));
  const [meta] = metas.filter((file) => existsSync(file));
  return meta === undefined
    ? undefined
    : /^cluster\.id=(.+)$/m.exec(readFileSync(meta, 'utf8'))?.[1]?.trim();
}

/**
 * 16 random bytes in base64url, as Kafka's own `random-uuid` makes them, without its JVM start.
 * A leading dash would read as an option on the command line.
 */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}
