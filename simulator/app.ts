import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import type { Clock } from '../platform/clock';
import type { Credentials } from './authorization';
import { SimulatorError, type SimulatorErrorCode } from './error';
import type { Journal } from './journal';
import { checkoutRoutes } from './routes/checkout';
import { controlRoutes } from './routes/control';
import { healthRoutes } from './routes/health';
import { pageRoutes } from './routes/page';
import { payPayRoutes } from './routes/paypay';
import type { Settings } from './settings';
import { SimulatedPayPay } from './simulated-paypay';

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly credentials: Credentials;
  readonly merchantId: string;
  readonly settings: Settings;
  readonly publicUrl?: string;
  readonly logger?: FastifyBaseLogger;
}

/** A code request with every field full is below 4 KiB; a forged webhook may be larger. */
const BODY_BYTES_MAX = 256 * 1024;

/** The simulated PayPay as a Fastify app that does not listen yet. Closing it closes all of it. */
export function buildSimulator(options: SimulatorOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    // A wrong type or an unknown field is refused, not bent into shape.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
  });
  // A form of another site could post text without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  const paypay = new SimulatedPayPay(options);
  app.addHook('onClose', () => paypay.close());
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = asSimulatorError(error);
    if (known.code === 'INTERNAL') request.log.error({ err: error }, 'a request failed');
    return sendError(reply, known);
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new SimulatorError('NOT_FOUND', `no ${request.method} ${request.url}`)),
  );
  healthRoutes(app);
  pageRoutes(app);
  checkoutRoutes(app, paypay);
  controlRoutes(app, paypay);
  void app.register((scope, _options, done) => {
    payPayRoutes(scope, { ...options, paypay });
    done();
  });
  return app;
}

function sendError(reply: FastifyReply, error: SimulatorError): FastifyReply {
  return reply.code(error.status).send(error.body);
}

const FASTIFY_CODES: Readonly<Record<string, SimulatorErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'NOT_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_REQUEST',
};

function asSimulatorError(error: FastifyError): SimulatorError {
  if (error instanceof SimulatorError) return error;
  const [wrong] = error.validation ?? [];
  if (wrong !== undefined) {
    const { instancePath, params } = wrong;
    const name = params['missingProperty'] ?? params['additionalProperty'];
    const path = [...instancePath.split('/').slice(1), ...(typeof name === 'string' ? [name] : [])];
    const field = path.join('.');
    return new SimulatorError('INVALID_REQUEST', error.message, field === '' ? 'body' : field);
  }
  const code =
    FASTIFY_CODES[error.code] ?? (error instanceof SyntaxError ? 'INVALID_REQUEST' : 'INTERNAL');
  return new SimulatorError(code, code === 'INTERNAL' ? 'the simulator failed' : error.message);
}
