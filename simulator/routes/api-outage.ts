import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Outage } from '../fault-plan';
import { answerOf, type ResultCode } from '../result-code';

/** Whether the request goes on, or has got all it will ever get. */
export type Breakage = 'passed' | 'answered';

const NO_JSON = '<html><body>upstream connect error</body></html>';

/**
 * Carries the outage out on one request: `slow` lets it pass in the end, all others answer in
 * PayPay's place or cut the connection.
 */
export async function breakRequest(
  outage: Outage,
  request: FastifyRequest,
  reply: FastifyReply,
  wait: (ms: number) => Promise<void>,
): Promise<Breakage> {
  switch (outage.mode) {
    case 'slow':
      await wait(outage.delayMs);
      return 'passed';
    case 'disconnect':
      reply.hijack();
      request.raw.socket.destroy();
      return 'answered';
    case 'garbage':
      await reply.code(200).type('text/html').send(NO_JSON);
      return 'answered';
    case 'error':
      return sendError(reply, 'INTERNAL_SERVER_ERROR');
    case 'maintenance':
      return sendError(reply, 'MAINTENANCE_MODE');
    case 'rate-limit':
      return sendError(reply, 'RATE_LIMIT');
  }
}

async function sendError(reply: FastifyReply, code: ResultCode): Promise<Breakage> {
  const { status, body } = answerOf(code);
  await reply.code(status).send(body);
  return 'answered';
}
