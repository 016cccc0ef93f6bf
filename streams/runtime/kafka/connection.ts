/**
 * Owns one socket to one broker. What always holds: requests are answered in the order they were
 * made; a request that found no answer closes the connection, so that nothing sent later can pass
 * it; `close` drops the socket at once, and whatever was not answered rejects with ConnectionLost.
 *
 * The transport (frames, TLS, SASL) is kafkajs'. Its requests are not used: they retry inside,
 * resend with new sequence numbers and hide error codes, which exactly-once cannot have.
 */
import type { SASLOptions } from 'kafkajs';
import KafkajsConnection from 'kafkajs/src/network/connection';
import createSocketFactory from 'kafkajs/src/network/socketFactory';
import Encoder from 'kafkajs/src/protocol/encoder';
import type { ConnectionOptions as TlsOptions } from 'node:tls';

import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import type { Api } from './protocol/api';
import { API_VERSIONS, type VersionRange } from './protocol/cluster-apis';
import { ConnectionLost, KafkaError } from './protocol/error-codes';
import { WireReader } from './protocol/wire-reader';
import { WireWriter } from './protocol/wire-writer';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionSecurity {
  readonly tls?: TlsOptions;
  readonly sasl?: SASLOptions;
}

export interface ConnectionOptions extends ConnectionSecurity {
  readonly clientId: string;
}

/** kafkajs logs what it also throws; this client reports errors once, where they are handled. */
const silentLogger: KafkajsConnection.Logger = {
  namespace: () => silentLogger,
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const socketFactory = createSocketFactory();

export class BrokerConnection {
  private closed = false;
  private offered: ReadonlyMap<number, VersionRange> = new Map();

  private constructor(
    private readonly socket: KafkajsConnection,
    readonly address: BrokerAddress,
  ) {}

  /** Rejects with ConnectionLost when the broker cannot be reached. */
  static async open(address: BrokerAddress, options: ConnectionOptions): Promise<BrokerConnection> {
    const socket = new KafkajsConnection({
      host: address.host,
      port: address.port,
      clientId: options.clientId,
      logger: silentLogger,
      socketFactory,
      requestTimeout: KAFKA_LIMITS.requestTimeoutMs,
      connectionTimeout: KAFKA_LIMITS.connectTimeoutMs,
      ssl: options.tls ?? null,
      sasl: options.sasl ?? null,
    });
    const connection = new BrokerConnection(socket, address);
    try {
      await socket.connect();
      await connection.authenticate(options);
    } catch (error) {
      connection.close();
      throw connection.named(error, 'connect');
    }
    return connection;
  }

  get usable(): boolean {
    return !this.closed && this.socket.isConnected();
  }

  /**
   * Rejects with KafkaError (the broker refused), ConnectionLost (outcome unknown) or, for an
   * answer that cannot be read, RuntimeError PROTOCOL. `waitMs` is what the broker may take on
   * purpose (a long poll, a rebalance), on top of the ordinary timeout.
   */
  async call<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    waitMs = 0,
  ): Promise<Response> {
    try {
      this.failIfNotOffered(api);
      const { value } = await this.socket.send({
        request: {
          apiKey: api.key,
          apiVersion: api.version,
          apiName: api.name,
          encode: () => Promise.resolve(encode(api, request)),
        },
        response: {
          // A broker over its quota holds its answers back by itself: no need to wait here as well.
          decode: (payload) =>
            Promise.resolve({ clientSideThrottleTime: 0, value: decode(api, payload) }),
          parse: (decoded) => Promise.resolve(decoded),
        },
        requestTimeout: KAFKA_LIMITS.requestTimeoutMs + waitMs,
        logResponseError: false,
      });
      return value;
    } catch (error) {
      throw this.named(error, api.name);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.rejectRequests(new ConnectionLost(`${this.name()}: closed by this client`));
    this.socket.requestQueue.destroy();
    this.socket.socket?.destroy();
    // Only marks it as disconnected: nothing is pending, and the socket is gone.
    void this.socket.disconnect();
  }

  private name(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  private async authenticate({ sasl }: ConnectionOptions): Promise<void> {
    this.offered = await this.call(API_VERSIONS, null);
    this.socket.setVersions(Object.fromEntries(this.offered));
    this.socket.setSupportAuthenticationProtocol(true);
    if (sasl !== undefined) await this.socket.authenticate();
  }

  private failIfNotOffered({ name, key, version }: { name: string; key: number; version: number }) {
    if (key === API_VERSIONS.key) return;
    const range = this.offered.get(key);
    if (range !== undefined && range.minVersion <= version && version <= range.maxVersion) return;
    const found = range === undefined ? 'none' : `${range.minVersion} to ${range.maxVersion}`;
    const message = `${this.name()} does not support ${name} version ${version}, it supports ${found}`;
    throw new RuntimeError('PROTOCOL', message);
  }

  /** Our error for any that kafkajs or a codec threw; closes the connection unless it is sound. */
  private named(error: unknown, what: string): Error {
    if (error instanceof KafkaError) return error;
    this.close();
    if (error instanceof ConnectionLost || error instanceof RuntimeError) return error;
    const message = `${this.name()}: ${what}: ${error instanceof Error ? error.message : String(error)}`;
    return isTransportError(error)
      ? new ConnectionLost(message, { cause: error })
      : new RuntimeError('PROTOCOL', message, { cause: error });
  }
}

const TRANSPORT_ERRORS: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
]);

function isTransportError(error: unknown): boolean {
  return error instanceof Error && TRANSPORT_ERRORS.has(error.name);
}

function encode<Request, Response>(api: Api<Request, Response>, request: Request): Encoder {
  const writer = new WireWriter();
  // kafkajs writes the header of a fixed version; a flexible one ends in tagged fields.
  if (api.flexible) writer.noTags();
  api.write(writer, request);
  const encoder = new Encoder(1);
  encoder.buf = writer.bytes();
  encoder.offset = writer.length;
  return encoder;
}

function decode<Request, Response>(api: Api<Request, Response>, payload: Buffer): Response {
  const reader = new WireReader(payload);
  if (api.flexible) reader.skipTags();
  return api.read(reader);
}
