import Elk, { type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Diagram, DiagramReference, DiagramTable } from './diagram.ts';

/** Pixels. The drawing uses the same ones. */
export const box = { width: 272, header: 34, row: 22, foot: 22, padding: 6 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the boxes and the lines of a diagram are. */
export interface Layout {
  /** The upper left corner of each table. */
  readonly tables: Readonly<Record<string, Point>>;
  /** The corners of each drawn line, from the table that is pointed to to the column that points. */
  readonly lines: Readonly<Record<string, readonly Point[]>>;
  /** The frame around each domain's tables; none in a diagram that is not grouped. */
  readonly frames: Readonly<Record<string, Frame>>;
}

export interface Frame extends Point {
  readonly width: number;
  readonly height: number;
}

export const heightOf = ({ columns, more }: DiagramTable): number =>
  box.header + columns.length * box.row + (more > 0 ? box.foot : 0) + box.padding;

/** The middle of a column's line, from its table's upper edge. */
export const rowMiddle = ({ columns }: DiagramTable, column: string): number => {
  const place = columns.findIndex(({ name }) => name === column);
  return place < 0 ? box.header / 2 : box.header + place * box.row + box.row / 2;
};

/**
 * Places tables in layers: what is pointed to stands left of what points. Lines end at the column
 * that holds the foreign key, and run around the boxes. In a grouped diagram each domain is laid out
 * by itself, and lines between domains are left to `curvedPath`.
 */
export async function layOut(diagram: Diagram): Promise<Layout> {
  const groups = diagram.grouped ? diagram.domains : [''];
  const placed = await new Elk().layout({
    id: 'diagram',
    layoutOptions: {
      'elk.algorithm': 'rectpacking',
      'elk.aspectRatio': '1.05',
      'elk.spacing.nodeNode': '48',
    },
    children: groups.map((domain) => groupOf(diagram, domain)),
  });
  const layout = { tables: {}, lines: {}, frames: {} } satisfies Layout;
  return (placed.children ?? []).reduce<Layout>(withGroup, layout);
}

function groupOf({ tables, references, grouped }: Diagram, domain: string): ElkNode {
  const members = grouped ? tables.filter((table) => table.domain === domain) : tables;
  const names = new Set(members.map(({ name }) => name));
  const inside = references.filter(({ from, to, toHub }) => {
    return !toHub && names.has(from) && names.has(to);
  });
  return {
    id: domain,
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.aspectRatio': '1.4',
      'elk.padding': grouped
        ? '[top=64,left=24,bottom=24,right=24]'
        : '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': '28',
      'elk.spacing.componentComponent': '28',
      'elk.layered.spacing.nodeNodeBetweenLayers': '72',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: members.map((table) => nodeOf(table, inside)),
    edges: inside.map(({ id, to }) => ({ id, sources: [`${to}/out`], targets: [`${id}/in`] })),
  };
}

function nodeOf(table: DiagramTable, references: readonly DiagramReference[]): ElkNode {
  const pointing = references.filter(({ from }) => from === table.name);
  return {
    id: table.name,
    width: box.width,
    height: heightOf(table),
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [
      { id: `${table.name}/out`, x: box.width, y: box.header / 2, width: 0, height: 0 },
      ...pointing.map(({ id, column }) => ({
        id: `${id}/in`,
        x: 0,
        y: rowMiddle(table, column),
        width: 0,
        height: 0,
      })),
    ],
  };
}

/** A group's places are its own: moved to where the group stands. */
function withGroup(layout: Layout, group: ElkNode): Layout {
  const { x = 0, y = 0, width = 0, height = 0 } = group;
  const moved = (point: Partial<Point>) => ({ x: x + (point.x ?? 0), y: y + (point.y ?? 0) });
  const tables = (group.children ?? []).map((node) => [node.id, moved(node)] as const);
  const lines = (group.edges ?? []).map(({ id, sections = [] }) => {
    const corners = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
      startPoint,
      ...bendPoints,
      endPoint,
    ]);
    return [id, corners.map(moved)] as const;
  });
  return {
    tables: { ...layout.tables, ...Object.fromEntries(tables) },
    lines: { ...layout.lines, ...Object.fromEntries(lines) },
    frames: group.id === '' ? {} : { ...layout.frames, [group.id]: { x, y, width, height } },
  };
}
