import * as http from 'node:http';
import * as https from 'node:https';
import {
  HttpsClient,
  type HttpsClientMessage,
} from '@paypayopa/paypayopa-sdk-node/dist/lib/httpsClient';
import type { Clock } from '../../../platform/clock';
import type { PayPayEndpoint } from './configuration';

/**
 * The SDK's way out to the network, in place of its own, which has no timeout, no limit, no
 * kept-alive connections, speaks https only and writes to the console. It owns the sockets.
 * Every call ends in exactly one callback, within the timeout.
 */

/** What a failed exchange looks like to the caller; ERROR is the SDK's own field. */
export interface TransportFailure {
  readonly STATUS: 0;
  readonly ERROR: string;
  readonly REASON: TransportFailureReason;
}

export type TransportFailureReason = 'timeout' | 'unreachable' | 'garbage';

/** PayPay's answers stay below 4 KiB; more is not PayPay speaking. */
const RESPONSE_BYTES_MAX = 64 * 1024;
/** Above the gateway's own concurrency limit, so that calls never queue unseen behind a socket. */
const SOCKETS_MAX = 64;
/** Idle sockets beyond these are closed: bursts are rare, polling is steady. */
const IDLE_SOCKETS_MAX = 8;

export interface PayPayTransportOptions {
  readonly endpoint: PayPayEndpoint;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export class PayPayTransport extends HttpsClient {
  private readonly agent: http.Agent;

  constructor(private readonly options: PayPayTransportOptions) {
    super();
    const agentOptions = {
      keepAlive: true,
      maxSockets: SOCKETS_MAX,
      maxFreeSockets: IDLE_SOCKETS_MAX,
    };
    this.agent =
      options.endpoint.protocol === 'https'
        ? new https.Agent(agentOptions)
        : new http.Agent(agentOptions);
  }

  /** The SDK's hook for troubleshooting links on the console: the outcome says it all. */
  override printDebugMessage(): void {
    return;
  }

  override httpsCall(
    options: https.RequestOptions,
    payload: unknown,
    callback: HttpsClientMessage,
  ): void {
    const body = options.method === 'POST' ? JSON.stringify(payload) : '';
    const finished = new AbortController();
    const answer: HttpsClientMessage = (message) => {
      // A socket may fail after its answer, or time out while failing: the first word stands.
      if (finished.signal.aborted) return;
      finished.abort();
      callback(message);
    };
    const { protocol } = this.options.endpoint;
    const call = (protocol === 'https' ? https : http).request(
      { ...options, agent: this.agent },
      (response) => readAnswer(response, answer),
    );
    call.on('error', (error) => answer(failure('unreachable', error.message)));
    this.expire(call, finished.signal, answer);
    call.end(body);
  }

  close(): void {
    this.agent.destroy();
  }

  private expire(
    call: http.ClientRequest,
    finished: AbortSignal,
    answer: HttpsClientMessage,
  ): void {
    const { clock, timeoutMs } = this.options;
    void clock.sleep(timeoutMs, finished).then(() => {
      if (finished.aborted) return;
      answer(failure('timeout', `no response within ${timeoutMs} ms`));
      call.destroy();
    });
  }
}

function readAnswer(response: http.IncomingMessage, answer: HttpsClientMessage): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > RESPONSE_BYTES_MAX) {
      answer(failure('garbage', `the answer is longer than ${RESPONSE_BYTES_MAX} bytes`));
      response.destroy();
      return;
    }
    chunks.push(chunk);
  });
  response.on('error', (error) => answer(failure('unreachable', error.message)));
  response.on('close', () => answer(failure('unreachable', 'the response was truncated')));
  response.on('end', () => answer(parseAnswer(response.statusCode ?? 0, Buffer.concat(chunks))));
}

function parseAnswer(
  status: number,
  body: Buffer,
): Parameters<HttpsClientMessage>[0] | TransportFailure {
  try {
    return { STATUS: status, BODY: JSON.parse(body.toString('utf8')) as object | null };
  } catch (error) {
    // A gateway in front of PayPay answers its own 5xx in HTML: the status is worth more.
    if (!(error instanceof SyntaxError)) throw error;
    return status >= 500 || status === 429
      ? { STATUS: status, BODY: null }
      : failure('garbage', `not JSON: ${error.message}`);
  }
}

function failure(reason: TransportFailureReason, message: string): TransportFailure {
  return { STATUS: 0, ERROR: message, REASON: reason };
}
