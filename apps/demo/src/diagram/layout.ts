import Elk, { type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Diagram, DiagramTable } from './diagram.ts';

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
 * that holds the foreign key, and run around the boxes.
 */
export async function layOut({ tables, references }: Diagram): Promise<Layout> {
  const drawn = references.filter(({ toHub }) => !toHub);
  const graph: ElkNode = {
    id: 'diagram',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.aspectRatio': '1.5',
      'elk.spacing.nodeNode': '28',
      'elk.spacing.componentComponent': '36',
      'elk.layered.spacing.nodeNodeBetweenLayers': '72',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: tables.map((table) => ({
      id: table.name,
      width: box.width,
      height: heightOf(table),
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      ports: [
        { id: `${table.name}/out`, x: box.width, y: box.header / 2, width: 0, height: 0 },
        ...drawn
          .filter(({ from }) => from === table.name)
          .map(({ id, column }) => ({
            id: `${id}/in`,
            x: 0,
            y: rowMiddle(table, column),
            width: 0,
            height: 0,
          })),
      ],
    })),
    edges: drawn.map(({ id, to }) => ({ id, sources: [`${to}/out`], targets: [`${id}/in`] })),
  };
  const placed = await new Elk().layout(graph);
  return {
    tables: Object.fromEntries(
      (placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]),
    ),
    lines: Object.fromEntries(
      (placed.edges ?? []).map(({ id, sections }) => [
        id,
        (sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
          startPoint,
          ...bendPoints,
          endPoint,
        ]),
      ]),
    ),
  };
}
