/**
 * Owns the Kafka broker. A data folder keeps the cluster id it was formatted with; an emptied one
 * gets another id, by which read models and state stores notice that their log is gone.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../command';
import { classArchive } from '../java/class-archive';
import { installProgram, programFolder } from '../maven/maven-programs';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';
import { brokerAnswers } from './broker-readiness';
import { serverProperties } from './server-properties';

/** A first start takes 5 to 10 s alone; beside four other services on two slow cores, longer. */
const READY_WITHIN_MS = 90_000;
/** A controlled shutdown takes 1 to 3 s; it writes what spares the next start a log recovery. */
const STOP_WITHIN_MS = 30_000;

const LOGGING = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn',
];

export const kafkaService: Service = {
  name: 'kafka',
  variable: 'KAFKA_BROKERS',
  usualPorts: [9092, 9093],
  needsJava: true,
  address: loopback,
  install: (installation) => installProgram('kafka', installation),
  prepare: prepareKafka,
  answers: brokerAnswers,
};

async function prepareKafka(site: Site): Promise<ServiceProcess> {
  const classPath = path.join(programFolder(site.cache, 'kafka'), '*');
  const logFolder = path.join(site.data, 'log');
  await formatOnce(site, classPath, logFolder);
  const properties = writeProperties(site, site.data, logFolder);
  const archive = classArchive(programFolder(site.cache, 'kafka'));
  return {
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

/** Formatted aside and renamed, so that a start killed half-way leaves no half-formatted log. */
async function formatOnce(site: Site, classPath: string, logFolder: string): Promise<void> {
  if (existsSync(path.join(logFolder, 'meta.properties'))) return;
  const draft = path.join(site.data, 'format');
  const draftLog = path.join(draft, 'log');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draftLog, { recursive: true });
  const properties = writeProperties(site, draft, draftLog);
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
      clusterId(),
      '-c',
      properties,
    ],
    folder: site.data,
    abandon: site.abandon,
  });
  rmSync(logFolder, { recursive: true, force: true });
  renameSync(draftLog, logFolder);
  rmSync(draft, { recursive: true });
}

function writeProperties(site: Site, folder: string, logFolder: string): string {
  const file = path.join(folder, 'server.properties');
  const brokerPort = portAt(site.ports, 0);
  const controllerPort = portAt(site.ports, 1);
  writeFileSync(file, serverProperties({ logFolder, brokerPort, controllerPort }));
  return file;
}

/**
 * 16 random bytes in base64url, as Kafka's own `random-uuid` makes them, without its JVM start.
 * A leading dash would read as an option on the command line.
 */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}
