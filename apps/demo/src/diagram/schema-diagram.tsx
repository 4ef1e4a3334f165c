'use client';

import '@xyflow/react/dist/base.css';
import './diagram.css';
import {
  Background,
  MarkerType,
  MiniMap,
  type NodeMouseHandler,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react';
import { useParams, useRouter } from 'next/navigation';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react';
import type { Diagram } from './diagram.ts';
import { DiagramControls } from './diagram-controls.tsx';
import { edgesOf, framesOf, neighboursOf, nodesOf } from './flow.ts';
import type { Layout } from './layout.ts';
import { ReferenceEdgeView } from './reference-edge.tsx';
import { FrameNodeView, readable, TableNodeView } from './table-node.tsx';

export interface SchemaDiagramProps {
  readonly packageSlug: string;
  readonly diagram: Diagram;
  readonly layout: Layout;
}

const nodeTypes = { table: TableNodeView, frame: FrameNodeView };
const edgeTypes = { reference: ReferenceEdgeView };
const marker = { type: MarkerType.Arrow, width: 18, height: 18 };
const defaultEdgeOptions = { markerEnd: marker, focusable: false };
/** Room for what lies over the drawing's edges. */
const whole = { padding: { top: '56px', bottom: '56px', left: '16px', right: '16px' } } as const;
/** Below this width, in pixels, all tables at once are too small to read. */
const narrow = 480;
const beginZoom = 0.6;
/** Pixels that an arrow key moves the drawing by. */
const step = 80;

/** The entity diagram of one package: drag or arrows move it, the wheel or + and − zoom, 0 shows all. */
export function SchemaDiagram(props: SchemaDiagramProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ packageSlug, diagram, layout }: SchemaDiagramProps) {
  const router = useRouter();
  const address = useParams<{ table?: string }>().table;
  const [chosen, setChosen] = useState(address);
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => setChosen(address), [address]);

  const choose = useCallback(
    (name: string | undefined) => {
      // At once; the page with the details follows.
      setChosen(name);
      const path = name ? `/schema/${packageSlug}/tables/${name}` : `/schema/${packageSlug}`;
      router.push(path, { scroll: false });
    },
    [router, packageSlug],
  );

  const nodes = useMemo(
    () => [...framesOf(diagram, layout), ...nodesOf(diagram, layout, chosen)],
    [diagram, layout, chosen],
  );
  const edges = useMemo(() => edgesOf(diagram, layout, chosen), [diagram, layout, chosen]);

  // A table with its neighbours where all of them can be read at once, else it alone.
  const showTable = useCallback(
    (name: string) => {
      const ids = [name, ...neighboursOf(diagram, name)];
      const near = flow.getNodesBounds(ids);
      const { width, height } = store.getState();
      const fits = near.width * readable <= width && near.height * readable <= height;
      const own = flow.getNodesBounds([name]);
      if (fits) flow.fitView({ nodes: ids.map((id) => ({ id })), maxZoom: 1, duration: 300 });
      else
        flow.setCenter(own.x + own.width / 2, own.y + own.height / 2, { zoom: 0.7, duration: 300 });
    },
    [diagram, flow, store],
  );

  const begin = () => {
    const { width } = store.getState();
    // Hidden, as on a phone before it is opened: nothing has a place in a drawing without a size.
    if (width === 0) return;
    if (chosen) return showTable(chosen);
    if (width >= narrow) return;
    const { x, y } = flow.getNodesBounds(diagram.tables.map(({ name }) => name));
    flow.setViewport({ x: 16 - x * beginZoom, y: 72 - y * beginZoom, zoom: beginZoom });
  };
  const onNodeClick: NodeMouseHandler = (_, { id, type }) => type === 'table' && choose(id);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = moves[event.key];
    const focused =
      event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-id]') : null;
    if (move) {
      const { x, y, zoom } = flow.getViewport();
      flow.setViewport({ x: x + move[0] * step, y: y + move[1] * step, zoom }, { duration: 80 });
    } else if (event.key === '+' || event.key === '=') flow.zoomIn();
    else if (event.key === '-') flow.zoomOut();
    else if (event.key === '0') flow.fitView({ ...whole, duration: 200 });
    else if (event.key === 'Escape' && chosen) choose(undefined);
    else if ((event.key === 'Enter' || event.key === ' ') && focused) {
      choose(focused.dataset.id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys pressed on the tables inside arrive here
    <div className="schema-diagram relative h-full" onKeyDown={onKeyDown}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultEdgeOptions={defaultEdgeOptions}
        onNodeClick={onNodeClick}
        onInit={begin}
        fitView
        fitViewOptions={whole}
        minZoom={0.08}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        nodesFocusable
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        aria-label={`Entity diagram of ${diagram.tables.length} tables. Tab moves from table to table, Enter opens one, the arrow keys move the drawing, plus and minus zoom, zero shows all.`}
      >
        <Background gap={24} size={1} color="var(--line)" />
        <MiniMap
          className="hidden md:block"
          pannable
          zoomable
          ariaLabel="Overview of the diagram"
          bgColor="var(--surface)"
          nodeColor={({ type }) => (type === 'frame' ? 'transparent' : 'var(--line-strong)')}
          maskColor="color-mix(in srgb, var(--canvas) 70%, transparent)"
        />
      </ReactFlow>
      <DiagramControls
        tables={diagram.tables}
        chosen={chosen}
        onShowAll={() => flow.fitView({ ...whole, duration: 200 })}
        onFind={(name) => {
          choose(name);
          showTable(name);
        }}
      />
    </div>
  );
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
