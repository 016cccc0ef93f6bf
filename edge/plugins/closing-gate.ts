/**
 * While the edge stops: what is under way is answered as ever, and what still comes on a connection
 * that is open is told to go elsewhere, before anything of it is taken.
 */
import { EdgeError } from '../errors';
import type { EdgeScope } from '../app-parts';

export function gateByClosing(app: EdgeScope): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onRequest', (_request, _reply, done) => {
    if (isClosing) done(new EdgeError('CLOSING'));
    else done();
  });
  // Else the connection is kept for the next request, and the end waits for it to be given up.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });
}
