import type { PackageSlug } from '../catalog/schema-packages.ts';
import recorded from './screens-of-tables.json' with { type: 'json' };

/** A screen of the application, as Ada finds it in the sample data. */
export interface UsedBy {
  readonly screen: string;
  readonly href: string;
}

interface Recorded extends UsedBy {
  /** `package/table` */
  readonly tables: readonly string[];
}

const screens: readonly Recorded[] = recorded;

/**
 * The screens whose statements name a table. Recorded from the statements of every screen by
 * test/screens-of-tables.ts; the browser tests compare.
 */
export function screensOf(slug: PackageSlug, table: string): UsedBy[] {
  return screens
    .filter(({ tables }) => tables.includes(`${slug}/${table}`))
    .map(({ screen, href }) => ({ screen, href }));
}
