import type { PageAccess, SearchHit, TreeNode } from '@pagespace/db';
import pc from 'picocolors';

/** Text from a page as a terminal may show it: control characters could move its cursor. */
const printable = (text: string) => text.replace(/\p{Cc}+/gu, ' ');

/** A tree as lines with branches. */
export function drawTree(nodes: readonly TreeNode[], indent = '  '): string[] {
  return nodes.flatMap(({ title, type, children }, index) => {
    const last = index === nodes.length - 1;
    const name = type === 'FOLDER' ? pc.bold(printable(title)) : printable(title);
    const kind = pc.dim(type.toLowerCase().replace('_', ' '));
    const below = drawTree(children, `${indent}${last ? '   ' : '│  '}`);
    return [`${indent}${last ? '└─ ' : '├─ '}${name}  ${kind}`, ...below];
  });
}

const rights = {
  canView: 'view',
  canEdit: 'edit',
  canShare: 'share',
  canDelete: 'delete',
} as const;

/** One person's rights on a page. */
export function accessLine(person: string, access: PageAccess): string {
  const held = Object.entries(rights).map(([right, verb]) =>
    Reflect.get(access, right) ? pc.green(verb) : pc.dim('·'.padEnd(verb.length)),
  );
  return `  ${person.padEnd(8)} ${held.join('  ')}`;
}

/** A hit with its marked snippet. */
export function hitLines({ title, snippet, rank }: SearchHit): string {
  const text = snippet
    .map((part) => (part.match ? pc.yellow(pc.bold(printable(part.text))) : printable(part.text)))
    .join('');
  return `  ${pc.bold(printable(title))}  ${pc.dim(rank.toFixed(2))}\n    ${text}`;
}
