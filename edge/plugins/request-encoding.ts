/** No body is unpacked here, so one that is said to be packed is refused, whatever it holds. */
import { EdgeError } from '../errors';
import type { EdgeScope } from '../app-parts';

export function refuseEncodedBodies(app: EdgeScope): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.toLowerCase() === 'identity') done();
    else done(new EdgeError('UNSUPPORTED_ENCODING', { field: 'content-encoding' }));
  });
}
