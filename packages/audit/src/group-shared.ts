import type { Finding } from './finding.ts';
import type { Location, Model } from './model/model.ts';

const placeKey = ({ file, line, column }: Location): string => `${file}:${line}:${column}`;

/** The declaration of each column that comes from a shared object, by `table.column`. */
const sharedPlaces = (model: Model): Map<string, Location> => {
  const found = new Map<string, Location>();
  for (const table of model.tables)
    for (const { name, sharedAt } of table.columns)
      if (sharedAt) found.set(`${table.id}.${name}`, sharedAt);
  return found;
};

/**
 * Makes one finding of those that one shared column causes in many tables, and shows it at the
 * column, where it is fixed. Waived findings stay apart, because a waiver names its object.
 */
export const groupShared = (findings: readonly Finding[], model: Model): Finding[] => {
  const places = sharedPlaces(model);
  const groups = new Map<string, Finding[]>();
  for (const [number, finding] of findings.entries()) {
    const place = finding.waived === undefined ? places.get(finding.object) : undefined;
    const key = place
      ? [placeKey(place), finding.rule, finding.severity, finding.message, finding.known].join(' ')
      : String(number);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...rest] = group;
    if (!first) return [];
    if (rest.length === 0) return [first];
    const also = rest.map(({ object }) => object);
    const tables = rest.length === 1 ? '1 other table' : `${rest.length} other tables`;
    return [
      {
        ...first,
        message: `${first.message}, as in ${tables} that take it from here`,
        location: places.get(first.object) ?? first.location,
        also,
      },
    ];
  });
};
