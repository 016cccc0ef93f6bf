/**
 * A Kafka that asks for TLS and SCRAM and obeys ACLs, with a user for each process of the product, and
 * the topics and ACLs as the administrator's commands make them.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { kafkaService } from '../../local/services/kafka/kafka-service';
import type { BrokerUser } from '../../local/services/kafka/broker-security';
import { projectFolder } from '../../platform/project-folder';
import { accessTable } from '../../tools/access';
import { authorityIn } from '../local/services/certificates';
import { startOwnService } from '../local/services/own-service';
import { temporaryFolder } from '../local/temporary-folder';

export const ADMINISTRATOR = 'administrator';
/** Topics of this test; fewer partitions start faster. */
export const PARTITIONS = 2;

const MECHANISM = 'scram-sha-512';

export interface SecuredProduct {
  readonly brokers: string;
  /** Whom the broker's certificate is by, and an authority that it is not by. */
  readonly caFile: string;
  readonly otherCaFile: string;
  /** The variables of a process, which is the user of its name. */
  readonly variablesOf: (process: string) => Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export const passwordOf = (username: string) => `password of ${username}`.replaceAll(' ', '-');

export async function startSecuredProduct(): Promise<SecuredProduct> {
  const folder = temporaryFolder();
  const authority = authorityIn(folder.path, 'authority');
  const other = authorityIn(folder.path, 'another');
  const user = (username: string): BrokerUser => ({ username, password: passwordOf(username) });
  const kafka = await startOwnService(
    kafkaService({
      brokers: 1,
      security: {
        keyFile: authority.signed('broker').bothFile,
        caFile: authority.caFile,
        users: [user(ADMINISTRATOR), ...accessTable().map(({ process }) => user(process))],
        operator: {
          tls: { ca: authority.ca },
          sasl: { mechanism: MECHANISM, ...user(ADMINISTRATOR) },
        },
      },
    }),
  );
  const variablesOf = (username: string) => ({
    KAFKA_BROKERS: kafka.address,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_PATH: authority.caFile,
    KAFKA_SASL_MECHANISM: MECHANISM,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: passwordOf(username),
    TOPIC_PARTITIONS: String(PARTITIONS),
  });
  for (const [script, ...args] of [['provision.ts'], ['acls.ts', '--apply']]) {
    await run(script ?? '', args, variablesOf(ADMINISTRATOR));
  }
  return {
    brokers: kafka.address,
    caFile: authority.caFile,
    otherCaFile: other.caFile,
    variablesOf,
    stop: async () => {
      await kafka.stop();
      folder.remove();
    },
  };
}

async function run(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const file = path.join(projectFolder, 'tools', script);
  const command = ['--import', 'tsx', file, ...args];
  const env = { ...process.env, ...variables };
  await promisify(execFile)(process.execPath, command, { cwd: projectFolder, env });
}
