/**
 * The index of products in OpenSearch, out of `catalog.products.v1`: beside the read models, with
 * positions of its own, so that neither waits for the other.
 */
import type { RunningApp } from '../runtime/running-app';
import { OpenSearchStore } from './opensearch-store';
import { productsProjection } from './projections/catalog';
import { startViewsOn, type ViewsDependencies } from './views';

export interface SearchIndexDependencies extends Omit<ViewsDependencies, 'databaseUrl'> {
  /** http://host:port */
  readonly openSearchUrl: string;
}

/** As startViews, with DATABASE_UNAVAILABLE while OpenSearch is away. */
export function startSearchIndex({
  openSearchUrl,
  ...dependencies
}: SearchIndexDependencies): Promise<RunningApp> {
  return startViewsOn(new OpenSearchStore(openSearchUrl, dependencies.clock), {
    name: 'search',
    ...dependencies,
    projections: [productsProjection],
  });
}
