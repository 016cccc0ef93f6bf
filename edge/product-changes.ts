/** What each change of a product was, told by how it stood before. */
import type { ProductChange } from './contract/catalog';

/** A product as one of its records has it. */
export type ProductState = Omit<ProductChange, 'change' | 'changed'>;

const TOLD = [
  'name',
  'nameJa',
  'description',
  'descriptionJa',
  'unitPrice',
  'currency',
  'imageUrl',
  'active',
] as const;

/** `before`: undefined for the first record of a product. */
export function productChangeOf(
  state: ProductState,
  before: ProductState | undefined,
): ProductChange {
  if (before === undefined) return { ...state, change: 'ADDED', changed: [] };
  const changed = TOLD.filter((field) => state[field] !== before[field]);
  return { ...state, change: kindOf(state, before), changed };
}

function kindOf(state: ProductState, before: ProductState): ProductChange['change'] {
  if (state.active === before.active) return 'CHANGED';
  return state.active ? 'RESTORED' : 'WITHDRAWN';
}
