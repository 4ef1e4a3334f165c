'use client';

import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';

export type ReferenceEdge = Edge<{ readonly path: string; readonly chosen: boolean }, 'reference'>;

/** A foreign key's line, where the layout or `curvedPath` put it. */
export function ReferenceEdgeView({
  id,
  data,
  style,
  markerStart,
  markerEnd,
}: EdgeProps<ReferenceEdge>) {
  return (
    <BaseEdge
      id={id}
      path={data?.path ?? ''}
      {...(style && { style })}
      {...(markerStart && { markerStart })}
      {...(markerEnd && { markerEnd })}
    />
  );
}
