/**
 * One rule for every route that takes an Idempotency-Key: the first request under a key stands.
 * Redis remembers what came under it and decides a burst; the log decides what Redis has forgotten,
 * through the read models.
 *
 *   Redis           the log         the request
 *   nothing, same   nothing         goes on; a repeat is written again, and its readers absorb it
 *   nothing, same   same            was taken: answered as before, and not written again, because it
 *                                   might undo what came after it
 *   nothing         another         422
 *   another                         422
 *
 * Where Redis has forgotten and the read models are behind or away, another request reaches the log
 * under the eventId of the first. Whoever reads it records the conflict (a dead letter, or
 * AlertCommandRefused), and sent once more it is 422.
 *
 * An answer other than 2xx releases the key that its request had taken: nothing stands under it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventOf, EventType } from '../../schemas/event';
import type { Topic } from '../../topics/topic';
import type { KeyedSource } from '../request-events';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import {
  fingerprintOf,
  idempotencyHeaders,
  idempotencyKeyOf,
  optionalIdempotencyHeaders,
  requestKeyOf,
} from '../idempotency';
import { limits } from '../limits';
import type { EventLog } from '../log/event-log';
import type { EdgeParts, EdgeScope } from '../app-parts';
import type { ReadModels } from '../read-models/read-models';
import type { IdempotencyClaim } from '../sessions/session-store';
import { sessionOf } from './session-gate';

/** A request under a key, once it has passed the gate. */
export interface KeyedRequest {
  readonly idempotencyKey: string;
  readonly requestKey: string;
  readonly fingerprint: string;
  readonly claim: IdempotencyClaim;
  /** The log has this very request already. */
  isLogged: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes that take no key, and where a key that is optional was left out. */
    keyed: KeyedRequest | null;
  }
}

type GateParts = Pick<EdgeParts, 'idempotency' | 'readModels'>;

/** For all routes that are declared below it, by the headers in their schema. */
export function gateByIdempotencyKey(app: EdgeScope, parts: GateParts): void {
  app.decorateRequest('keyed', null);
  app.addHook('onRoute', (route) => {
    const headers = route.schema?.headers;
    const isRequired = headers === idempotencyHeaders;
    if (!isRequired && headers !== optionalIdempotencyHeaders) return;
    route.preHandler = [
      ...listOf(route.preHandler),
      async (request: FastifyRequest) => {
        if (isRequired || 'idempotency-key' in request.headers) await take(parts, request);
      },
    ];
    route.onSend = [
      ...listOf(route.onSend),
      async (request: FastifyRequest, reply: FastifyReply) => giveBack(parts, request, reply),
    ];
  });
}

/** Of a route below the gate that asks for a key. */
export function keyedRequestOf({ keyed, url }: Pick<FastifyRequest, 'keyed' | 'url'>) {
  if (keyed === null) throw new Error(`${url} is outside the idempotency gate`);
  return keyed;
}

export function keyedSourceOf(
  request: Pick<FastifyRequest, 'id' | 'keyed' | 'session' | 'url'>,
): KeyedSource {
  const { idempotencyKey, fingerprint } = keyedRequestOf(request);
  return {
    userId: sessionOf(request).userId,
    idempotencyKey,
    requestFingerprint: fingerprint,
    requestId: request.id,
    at: Date.now(),
  };
}

/** Rejects with `LOG_UNAVAILABLE`. What the log has already is not written again. */
export async function appendOnce<T extends EventType>(
  log: EventLog,
  { keyed }: Pick<FastifyRequest, 'keyed'>,
  topic: Topic<T>,
  event: EventOf<NoInfer<T>>,
): Promise<void> {
  if (keyed?.isLogged === true) return;
  await log.append(topic, event, limits.commandAnswerMs);
}

async function take({ idempotency, readModels }: GateParts, request: FastifyRequest) {
  const idempotencyKey = idempotencyKeyOf(request.headers as { 'idempotency-key'?: string });
  const { userId } = sessionOf(request);
  const requestKey = requestKeyOf(userId, idempotencyKey);
  const { method, params, body } = request;
  const route = request.routeOptions.url ?? request.url;
  const fingerprint = fingerprintOf({ method, route, params, userId, body });
  const claim = await idempotency.claim(requestKey, fingerprint);
  const keyed: KeyedRequest = { idempotencyKey, requestKey, fingerprint, claim, isLogged: false };
  request.keyed = keyed;
  if (claim === 'conflict') throw conflict();
  const logged = await loggedFingerprint(readModels, requestKey);
  if (logged !== undefined && logged !== fingerprint) throw conflict();
  keyed.isLogged = logged === fingerprint;
}

function conflict(): EdgeError {
  return new EdgeError('IDEMPOTENCY_CONFLICT', { field: 'idempotency-key' });
}

/** Undefined also where the read models cannot tell in time: requests are taken without them. */
async function loggedFingerprint(
  readModels: ReadModels,
  requestKey: string,
): Promise<string | undefined> {
  const asked = readModels.requestFingerprint(requestKey).catch((error: unknown) => {
    if (error instanceof EdgeError && error.code === 'VIEWS_UNAVAILABLE') return undefined;
    throw error;
  });
  const answer = await within(asked, limits.requestLookupMs);
  return answer === TIMED_OUT ? undefined : answer;
}

async function giveBack(
  { idempotency }: GateParts,
  { keyed }: FastifyRequest,
  { statusCode }: FastifyReply,
): Promise<void> {
  if (keyed?.claim !== 'first' || statusCode < 300) return;
  await idempotency.release(keyed.requestKey, keyed.fingerprint);
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
