import { COMPACT_WITH_HISTORY, defineTopic } from './topic';

export const catalogProducts = defineTopic({
  name: 'catalog.products.v1',
  types: ['Product'],
  key: (event) => event.sku,
  cleanup: COMPACT_WITH_HISTORY,
});
