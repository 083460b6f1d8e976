import type { Category } from '../../api/catalogue.ts';

export interface NamedCategory extends Category {
  /** Last part of its address: "coffee-tea". */
  slug: string;
}

/** "Coffee & Tea" -> "coffee-tea"; letters of every script stay. */
const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '') || 'category';

/** Each with an address of its own: of two that would have the same, the later one gets a number. */
export function withSlugs(categories: readonly Category[]): NamedCategory[] {
  const taken = new Set<string>();
  return categories.map((category) => {
    const plain = slugOf(category.name);
    let slug = plain;
    for (let number = 2; taken.has(slug); number++) slug = `${plain}-${number}`;
    taken.add(slug);
    return { ...category, slug };
  });
}

export const categoryPath = ({ slug }: NamedCategory): string => `/c/${encodeURIComponent(slug)}`;
