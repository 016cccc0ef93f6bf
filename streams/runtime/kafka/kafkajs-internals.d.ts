/**
 * The parts of kafkajs that its public types leave out, as this folder uses them. kafkajs is pinned
 * (2.2.4), so these shapes change only together with the pin and the patch in `patches/`.
 */

declare module 'kafkajs/src/protocol/encoder' {
  /** A growing buffer; `writeEncoder` of another one takes `buf` up to `offset`. */
  class Encoder {
    constructor(initialSize?: number);
    buf: Buffer;
    offset: number;
  }
  export = Encoder;
}

declare module 'kafkajs/src/network/socketFactory' {
  import type { ISocketFactory } from 'kafkajs';
  function createSocketFactory(): ISocketFactory;
  export = createSocketFactory;
}

declare module 'kafkajs/src/network/connection' {
  import type { ISocketFactory, SASLOptions } from 'kafkajs';
  import type { Socket } from 'node:net';
  import type { ConnectionOptions as TlsOptions } from 'node:tls';
  import type Encoder from 'kafkajs/src/protocol/encoder';

  namespace Connection {
    interface Logger {
      namespace(): Logger;
      error(message: string, extra?: object): void;
      warn(message: string, extra?: object): void;
      info(message: string, extra?: object): void;
      debug(message: string, extra?: object): void;
    }

    interface Options {
      readonly host: string;
      readonly port: number;
      readonly clientId: string;
      readonly logger: Logger;
      readonly socketFactory: ISocketFactory;
      readonly requestTimeout: number;
      readonly connectionTimeout: number;
      readonly ssl: TlsOptions | null;
      readonly sasl: SASLOptions | null;
    }

    interface Decoded<Response> {
      readonly clientSideThrottleTime: number;
      readonly value: Response;
    }

    interface Call<Response> {
      readonly request: {
        readonly apiKey: number;
        readonly apiVersion: number;
        readonly apiName: string;
        encode(): Promise<Encoder>;
      };
      readonly response: {
        decode(payload: Buffer): Promise<Decoded<Response>>;
        parse(decoded: Decoded<Response>): Promise<Decoded<Response>>;
      };
      readonly requestTimeout: number;
      readonly logResponseError: boolean;
    }
  }

  /** One socket to one broker: frames, correlation ids, request timeouts, TLS and SASL. */
  class Connection {
    constructor(options: Connection.Options);
    readonly socket: Socket | undefined;
    readonly requestQueue: { destroy(): void };
    connect(): Promise<boolean>;
    isConnected(): boolean;
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
    authenticate(): Promise<void>;
    send<Response>(call: Connection.Call<Response>): Promise<Connection.Decoded<Response>>;
    rejectRequests(error: Error): void;
    disconnect(): Promise<boolean>;
  }
  export = Connection;
}
