/** Certificates of a test's own, made by OpenSSL: an authority, and what it signs for 127.0.0.1. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Authority {
  readonly caFile: string;
  readonly ca: string;
  /** Files in PEM: a key, its certificate, and both in one. */
  readonly signed: (name: string) => {
    readonly keyFile: string;
    readonly certFile: string;
    readonly bothFile: string;
  };
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = ['-days', '2'];

export function authorityIn(folder: string, name: string): Authority {
  const at = (file: string) => path.join(folder, file);
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const caFile = at(`${name}.pem`);
  const caKey = at(`${name}.key`);
  openssl(
    'req',
    '-x509',
    ...KEY,
    ...DAYS,
    '-keyout',
    caKey,
    '-out',
    caFile,
    '-subj',
    `/CN=${name}`,
  );
  return {
    caFile,
    ca: readFileSync(caFile, 'utf8'),
    signed: (subject) => {
      const keyFile = at(`${subject}.key`);
      const certFile = at(`${subject}.pem`);
      const bothFile = at(`${subject}.both.pem`);
      const request = at(`${subject}.csr`);
      const names = at(`${subject}.names`);
      writeFileSync(names, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
      openssl('req', ...KEY, '-keyout', keyFile, '-out', request, '-subj', `/CN=${subject}`);
      const by = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-extfile', names];
      openssl('x509', '-req', '-in', request, ...by, ...DAYS, '-out', certFile);
      writeFileSync(bothFile, readFileSync(keyFile, 'utf8') + readFileSync(certFile, 'utf8'));
      return { keyFile, certFile, bothFile };
    },
  };
}
