import { openApiDocument } from '../../edge/openapi-document';
import { buildTestEdge } from './in-memory-parts';

test('the description made without any service is the one that a running edge gives', async () => {
  const edge = await buildTestEdge();
  const served = (await edge.app.inject({ url: '/docs/json' })).json<unknown>();
  await edge.app.close();
  expect(JSON.parse(JSON.stringify(await openApiDocument()))).toEqual(served);
});
