/**
 * Turns whatever a request fails with into the one shape of edge/errors.ts. What always holds: bad
 * input never answers 500, and nothing of an unknown error but its place in the log gets out.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EdgeError, type ErrorCode } from '../errors';
import type { ErrorReply } from '../contract/api-types';

/** What Fastify itself says of a request that never reached a route's code. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
};

export function replyToError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = edgeErrorOf(error);
  if (known.code === 'INTERNAL') request.log.error({ err: error }, 'a request failed');
  else if (known.retry) request.log.warn(outageOf(known), 'a request failed and may be retried');
  if (known.retry) reply.header('retry-after', '1');
  return sendError(reply, known);
}

/** An outage fails many requests: a line each must do, without a stack. */
function outageOf({ code, cause }: EdgeError) {
  return { code, reason: cause instanceof Error ? cause.message : undefined };
}

function replyOf({ code, message, field }: EdgeError): ErrorReply {
  return { error: { code, message, ...(field === undefined ? {} : { field }) } };
}

export function sendError(reply: FastifyReply, error: EdgeError): FastifyReply {
  return reply.code(error.status).type('application/json').send(replyOf(error));
}

/** What is answered to whatever a request failed with. */
export function edgeErrorOf(error: FastifyError): EdgeError {
  if (error instanceof EdgeError) return error;
  const [misfit] = error.validation ?? [];
  if (misfit !== undefined) return fieldError(misfit, error.validationContext);
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new EdgeError(code, { cause: error });
  if (error instanceof SyntaxError) return new EdgeError('MALFORMED_JSON', { cause: error });
  const { statusCode = 500 } = error;
  return new EdgeError(statusCode < 500 ? 'MALFORMED_REQUEST' : 'INTERNAL', { cause: error });
}

type Misfit = NonNullable<FastifyError['validation']>[number];

function fieldError(
  { keyword, instancePath, params, message }: Misfit,
  context = 'body',
): EdgeError {
  const parent = instancePath.split('/').slice(1);
  const path = (name: unknown) => [...parent, String(name)].join('.');
  switch (keyword) {
    case 'required':
      return new EdgeError('MISSING_FIELD', { field: path(params['missingProperty']) });
    case 'additionalProperties':
      return new EdgeError('UNKNOWN_FIELD', { field: path(params['additionalProperty']) });
    default: {
      const field = parent.length === 0 ? context : parent.join('.');
      return new EdgeError('INVALID_FIELD', {
        field,
        detail: `${field} ${message ?? 'does not hold what it should'}.`,
      });
    }
  }
}
