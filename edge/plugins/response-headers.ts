/**
 * What browsers are told with every answer: which scripts and addresses a page may use, that nothing
 * personal is kept, and nothing of CORS: no page of another origin may read anything here.
 */
import helmet from '@fastify/helmet';
import type { EdgeParts, EdgeScope } from '../app-parts';

/** Where the dashboard signs in: Firebase's own servers, or the emulator. */
const FIREBASE = ['https://identitytoolkit.googleapis.com', 'https://securetoken.googleapis.com'];

export async function responseHeaders(
  app: EdgeScope,
  { settings }: Pick<EdgeParts, 'settings'>,
): Promise<void> {
  const { emulatorUrl } = settings.clientConfig.firebase;
  const signIn = emulatorUrl === null ? FIREBASE : [emulatorUrl];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'font-src': ["'self'"],
        // The catalog's pictures are wherever the shop keeps them.
        'img-src': ["'self'", 'data:', 'https:'],
        'connect-src': ["'self'", ...signIn],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // A picture of another site need not allow to be embedded.
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** For a scope whose answers are about a person or an order. */
export function keepNothing(app: EdgeScope): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}
