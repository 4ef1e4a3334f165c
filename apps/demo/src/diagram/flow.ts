import type { Diagram, DiagramReference, DiagramTable } from './diagram.ts';
import { box, heightOf, type Layout, rowMiddle } from './layout.ts';
import type { ReferenceEdge } from './reference-edge.tsx';
import { curvedPath, roundedPath } from './route-path.ts';
import type { FrameNode, TableNode } from './table-node.tsx';

/** How many colours there are for the parts of a schema. */
const hues = 8;

/** The tables that one points to or is pointed to by. */
export function neighboursOf({ references }: Diagram, name: string): ReadonlySet<string> {
  const near = references.flatMap(({ from, to }) =>
    from === name ? [to] : to === name ? [from] : [],
  );
  return new Set(near);
}

export function nodesOf(
  diagram: Diagram,
  { tables }: Layout,
  chosen: string | undefined,
): TableNode[] {
  const near = chosen ? neighboursOf(diagram, chosen) : undefined;
  return diagram.tables.map((table) => ({
    id: table.name,
    type: 'table' as const,
    position: tables[table.name] ?? { x: 0, y: 0 },
    width: box.width,
    height: heightOf(table),
    selected: table.name === chosen,
    ariaRole: 'button',
    data: {
      table,
      hue: hueOf(diagram, table.domain),
      faded: near !== undefined && table.name !== chosen && !near.has(table.name),
    },
  }));
}

/** The frames behind the tables, each with its domain's name. */
export function framesOf(diagram: Diagram, { frames }: Layout): FrameNode[] {
  return Object.entries(frames).map(([domain, { x, y, width, height }]) => ({
    id: `frame ${domain}`,
    type: 'frame' as const,
    position: { x, y },
    width,
    height,
    zIndex: -1,
    focusable: false,
    style: { pointerEvents: 'none' },
    data: { domain, hue: hueOf(diagram, domain) },
  }));
}

const hueOf = ({ domains }: Diagram, domain: string) => domains.indexOf(domain) % hues;

/** Drawn lines, and of those to tables that everything points to only the chosen table's own. */
export function edgesOf(
  { tables, references }: Diagram,
  layout: Layout,
  chosen: string | undefined,
): ReferenceEdge[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return references.flatMap((reference) => {
    const isChosen = reference.from === chosen || reference.to === chosen;
    if (reference.toHub && !isChosen) return [];
    const path = pathOf(reference, byName, layout);
    if (!path) return [];
    return {
      id: reference.id,
      type: 'reference' as const,
      source: reference.to,
      target: reference.from,
      className: isChosen ? 'is-chosen' : chosen ? 'is-faded' : '',
      style: reference.nullable ? { strokeDasharray: '5 4' } : {},
      data: { path, chosen: isChosen },
    };
  });
}

function pathOf(
  { id, from, column, to }: DiagramReference,
  byName: ReadonlyMap<string, DiagramTable>,
  layout: Layout,
): string | undefined {
  const routed = layout.lines[id];
  if (routed && routed.length > 0) return roundedPath(routed);
  const [child, parent] = [byName.get(from), byName.get(to)];
  const [start, end] = [layout.tables[to], layout.tables[from]];
  if (!child || !parent || !start || !end) return undefined;
  const isRight = start.x + box.width / 2 <= end.x + box.width / 2;
  return curvedPath(
    { x: start.x + (isRight ? box.width : 0), y: start.y + box.header / 2 },
    { x: end.x + (isRight ? 0 : box.width), y: end.y + rowMiddle(child, column) },
  );
}
