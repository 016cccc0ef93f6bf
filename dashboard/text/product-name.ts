/** A product in the reader's language, where the catalogue has it. */
import type { ProductView } from '../../edge/contract/api-types';
import { currentLocale } from '../i18n/translate';

export function productName({ name, nameJa }: Pick<ProductView, 'name' | 'nameJa'>): string {
  return currentLocale() === 'ja' && nameJa !== '' ? nameJa : name;
}

export function productDescription({
  description,
  descriptionJa,
}: Pick<ProductView, 'description' | 'descriptionJa'>): string {
  return currentLocale() === 'ja' && descriptionJa !== '' ? descriptionJa : description;
}
