/**
 * Owns the schema registry: Apicurio, which speaks Confluent's API. Its storage is a file that is
 * written before it answers, because records in Kafka name schemas by the ids it gives out.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { classArchive } from '../java/class-archive';
import { installProgram, programFolder } from '../maven/maven-programs';
import { respondsOk } from '../readiness';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';

/** 3 to 6 s alone; beside four other services on two slow cores, longer. */
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 15_000;

const API_PATH = '/apis/ccompat/v7';

export const registryService: Service = {
  name: 'registry',
  variable: 'SCHEMA_REGISTRY_URL',
  usualPorts: [8081],
  needsJava: true,
  address: (ports) => `http://${loopback(ports)}${API_PATH}`,
  install: (installation) => installProgram('registry', installation),
  prepare: prepareRegistry,
  // Part of Confluent's API, so that a registry of another make answers too.
  answers: (address) => respondsOk(`${address.replace(/\/$/, '')}/subjects`),
};

function prepareRegistry(site: Site): Promise<readonly ServiceProcess[]> {
  const folder = programFolder(site.cache, 'registry');
  const archive = classArchive(folder);
  mkdirSync(site.data, { recursive: true });
  const registry = {
    name: 'registry',
    address: registryService.address(site.ports),
    command: 'java',
    args: [
      ...archive.flags,
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xms64m',
      '-Xmx256m',
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${portAt(site.ports, 0)}`,
      '-Dquarkus.log.level=WARN',
      '-Dapicurio.datasource.jdbc.initial-size=1',
      '-Dapicurio.datasource.jdbc.min-size=1',
      '-Dapicurio.datasource.jdbc.max-size=10',
      // H2 delays its writes by default: a kill would lose the newest schema and give its id to
      // another one.
      `-Dapicurio.datasource.url=jdbc:h2:file:${path.join(site.data, 'registry')};WRITE_DELAY=0`,
      '-jar',
      runnerJar(folder),
    ],
    environment: process.env,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    afterStart: archive.write,
  };
  return Promise.resolve([registry]);
}

function runnerJar(folder: string): string {
  const jar = readdirSync(folder).find((name) => name.endsWith('-runner.jar'));
  if (jar === undefined) throw new Error(`no runner jar in ${folder}; delete it and start again`);
  return path.join(folder, jar);
}
