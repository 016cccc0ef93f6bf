/** A product as it is being written, and what of it is another than it stood before. Pure. */
import type { CatalogProduct, ProductBody, ProductChange } from '../../edge/contract/api-types';

/** What an operator writes of a product, in the order of the form. */
export const DRAFT_TEXTS = ['name', 'nameJa', 'description', 'descriptionJa', 'imageUrl'] as const;
export type DraftText = (typeof DRAFT_TEXTS)[number];

/** As the edge limits them, in characters. */
export const DRAFT_CHARACTERS_MAX: Readonly<Record<DraftText, number>> = {
  name: 200,
  nameJa: 200,
  description: 2_000,
  descriptionJa: 2_000,
  imageUrl: 500,
};
/** Whole yen; the edge refuses more. */
export const UNIT_PRICE_YEN_MAX = 10_000_000;

export interface ProductDraft extends Readonly<Record<DraftText, string>> {
  readonly sku: string;
  readonly unitPrice: number | '';
}

export const NEW_DRAFT: ProductDraft = {
  ...{ sku: '', name: '', nameJa: '', description: '', descriptionJa: '', imageUrl: '' },
  unitPrice: '',
};

export function draftOf(product: CatalogProduct): ProductDraft {
  const { sku, name, nameJa, description, descriptionJa, unitPrice, imageUrl } = product;
  return {
    ...{ sku, name, nameJa, description, descriptionJa, unitPrice },
    imageUrl: imageUrl ?? '',
  };
}

/** `version`: of the product that the draft was made from; null: it must be new. */
export function bodyOf(
  draft: ProductDraft,
  version: number | null,
  reason: string,
): ProductBody | undefined {
  const { sku, name, nameJa, description, descriptionJa, unitPrice, imageUrl } = draft;
  const isPrice = typeof unitPrice === 'number' && Number.isSafeInteger(unitPrice);
  if (!isPrice || unitPrice < 1 || unitPrice > UNIT_PRICE_YEN_MAX) return undefined;
  if (sku.trim() === '' || name.trim() === '' || nameJa.trim() === '') return undefined;
  return {
    ...{ sku: sku.trim(), name: name.trim(), nameJa: nameJa.trim() },
    ...{ description: description.trim(), descriptionJa: descriptionJa.trim(), unitPrice },
    imageUrl: imageUrl.trim() === '' ? null : imageUrl.trim(),
    ...{ active: true, expectedVersion: version, reason },
  };
}

export interface FieldChange {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Fields whose change is told by what the change is called: withdrawn, restored. */
const TOLD: ReadonlySet<string> = new Set(['active']);

/**
 * What a change made of each field; `older`: the change before it, undefined where none was read,
 * so that what stood there is not known.
 */
export function fieldChanges(
  change: ProductChange,
  older: ProductChange | undefined,
): readonly FieldChange[] {
  return change.changed
    .filter((field) => !TOLD.has(field))
    .map((field) => ({
      field,
      before: older === undefined ? undefined : valueOf(older, field),
      after: valueOf(change, field),
    }));
}

function valueOf(change: ProductChange, field: string): string {
  const value = (change as Readonly<Record<string, unknown>>)[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
