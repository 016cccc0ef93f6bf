/**
 * What an HTTP framework takes for a webhook when nothing is done with it: Fastify as the edge has
 * it, one route that reads the same JSON body and answers 200. `node bare-http-server.js PORT`.
 */
import Fastify from 'fastify';

const app = Fastify();
app.post('/webhooks/paypay', () => ({}));
app.get('/health/live', () => ({}));
void app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.once('SIGTERM', () => void app.close());
