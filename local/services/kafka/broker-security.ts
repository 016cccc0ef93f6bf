/**
 * Owns what a broker is told to let in nobody but users who prove themselves by SCRAM, over TLS, and
 * none of them to anything that no ACL allows. Its controller's listener stays plain, on loopback:
 * nobody but the broker itself speaks there.
 */
import type { SASLOptions } from 'kafkajs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';

export const SCRAM = 'SCRAM-SHA-512';

export interface BrokerUser {
  readonly username: string;
  readonly password: string;
}

export interface BrokerSecurity {
  /** PEM: its private key, followed by its certificate. */
  readonly keyFile: string;
  /** PEM: whom it believes. */
  readonly caFile: string;
  /** Known from the first start on; the first is its own, and may do everything. */
  readonly users: readonly [BrokerUser, ...BrokerUser[]];
  /** How the first is let in. */
  readonly operator: { readonly tls: TlsOptions; readonly sasl: SASLOptions };
}

/** Settings in place of those of a plain listener. */
export function securedListener({ keyFile, caFile, users }: BrokerSecurity) {
  const [{ username, password }] = users;
  return {
    'security.inter.broker.protocol': 'SASL_SSL',
    'sasl.enabled.mechanisms': SCRAM,
    'sasl.mechanism.inter.broker.protocol': SCRAM,
    [`listener.name.sasl_ssl.${SCRAM.toLowerCase()}.sasl.jaas.config`]:
      'org.apache.kafka.common.security.scram.ScramLoginModule required ' +
      `username="${username}" password="${password}";`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Who comes in by the controller's own listener has no name.
    'super.users': `User:${username};User:ANONYMOUS`,
  };
}
