import type { Point } from './layout.ts';

/** An SVG path through the corners of a line, each rounded. */
export function roundedPath(points: readonly Point[], radius = 6): string {
  const [first, ...others] = points;
  if (!first) return '';
  const parts = [`M ${first.x} ${first.y}`];
  for (const [index, corner] of others.entries()) {
    const next = others[index + 1];
    const before = points[index];
    if (!next || !before) {
      parts.push(`L ${corner.x} ${corner.y}`);
      continue;
    }
    const from = towards(corner, before, radius);
    const to = towards(corner, next, radius);
    parts.push(`L ${from.x} ${from.y} Q ${corner.x} ${corner.y} ${to.x} ${to.y}`);
  }
  return parts.join(' ');
}

/** At most half way, so that two corners never overlap. */
function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(distance, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** A line between two sides of boxes that leaves and arrives level. */
export function curvedPath(from: Point, to: Point): string {
  const reach = Math.max(Math.abs(to.x - from.x) / 2, 40);
  const direction = from.x <= to.x ? 1 : -1;
  return `M ${from.x} ${from.y} C ${from.x + reach * direction} ${from.y} ${to.x - reach * direction} ${to.y} ${to.x} ${to.y}`;
}
