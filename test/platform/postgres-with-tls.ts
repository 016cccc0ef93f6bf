/**
 * A Postgres with TLS, in a process of its own, since where its programs lie is told by an ES module:
 * `postgres-with-tls.ts CERTIFICATE KEY` says its address on a line, and ends with its standard input.
 */
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { postgresService } from '../../local/services/postgres/postgres-service';
import { serverUser } from '../../local/services/postgres/server-user';
import type { Service, Site } from '../../local/services/service';
import { startOwnService } from '../local/services/own-service';

function withTls(certFile: string, keyFile: string): Service {
  return {
    ...postgresService,
    prepare: async (site) => {
      const [server] = await postgresService.prepare(site);
      if (server === undefined) throw new Error('there is no server');
      const settings = {
        ssl: 'on',
        ssl_cert_file: ownedBy(site, certFile),
        ssl_key_file: ownedBy(site, keyFile),
      };
      const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      return [{ ...server, args: [...server.args, ...flags] }];
    },
  };
}

/** Postgres takes no key that others could read. */
function ownedBy(site: Site, file: string): string {
  const copy = path.join(site.data, path.basename(file));
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
  const user = serverUser();
  if (user.kind === 'other') chownSync(copy, user.uid, user.gid);
  return copy;
}

async function main(): Promise<void> {
  const [, , certFile = '', keyFile = ''] = process.argv;
  const postgres = await startOwnService(withTls(certFile, keyFile));
  process.stdout.write(`${postgres.address}\n`);
  await once(process.stdin.resume(), 'end');
  await postgres.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
