/**
 * Turns whatever a request fails with into problem details with the words of edge/errors.ts. What
 * always holds: bad input never answers 500, and nothing of an unknown error but its place in the
 * log gets out.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EdgeError, errorTerms, type ErrorCode } from '../errors';
import type { ErrorReply } from '../contract/api-types';
import { PROBLEM_TYPE } from '../contract/error';
import { fieldError } from './field-errors';

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

/** `requestId`: undefined where no request was read. */
export function problemOf(
  { code, message, field }: EdgeError,
  requestId: string | undefined,
): ErrorReply {
  const at = field === undefined ? {} : { field };
  return {
    type: `/problems/${code}`,
    ...errorTerms(code),
    detail: message,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    code,
    ...at,
    error: { code, message, ...at },
  };
}

export function sendError(reply: FastifyReply, error: EdgeError): FastifyReply {
  const problem = problemOf(error, reply.request.id);
  // As text: a route's own schema of answers has no say in how a problem is written.
  return reply.code(error.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
}

/** What is answered to whatever a request failed with. */
export function edgeErrorOf(error: FastifyError): EdgeError {
  if (error instanceof EdgeError) return error;
  const [misfit] = error.validation ?? [];
  if (misfit !== undefined) return fieldError(misfit, error.validationContext);
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new EdgeError(code, { cause: error });
  const { statusCode = 500 } = error;
  return new EdgeError(statusCode < 500 ? 'MALFORMED_REQUEST' : 'INTERNAL', { cause: error });
}
