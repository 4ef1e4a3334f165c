'use client';

import { useCallback, useEffect, useState } from 'react';
import { formatMs } from '@/schema-screen/amounts.ts';
import { Select } from '@/ui/field.tsx';
import { Sheet } from '@/ui/sheet.tsx';
import { ErrorState, SkeletonList } from '@/ui/states.tsx';
import { showStatements } from './actions.tsx';
import { StatementList } from './statement-list.tsx';

type Shown = Awaited<ReturnType<typeof showStatements>>;

/** The statements of the screen, their cost, and the code that sent them. */
export function StatementsPanel({ onClose }: { onClose: () => void }) {
  const [shown, setShown] = useState<Shown | 'failed'>();
  const load = useCallback(async (id?: string) => {
    setShown(await showStatements(id).catch(() => 'failed' as const));
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  return (
    <Sheet
      title="Statements"
      description="What this screen asked of the databases. Values are never recorded, only their types."
      onClose={onClose}
    >
      {shown === undefined ? (
        <SkeletonList rows={5} />
      ) : shown === 'failed' ? (
        <ErrorState title="The server does not answer">
          Check that it is running, and open this again.
        </ErrorState>
      ) : (
        <>
          <Select
            label="Request"
            value={shown.shown}
            onChange={(event) => void load(event.target.value)}
          >
            {shown.requests.map(({ id, name, statements, ms }) => (
              <option key={id} value={id}>
                {name} ({statements} in {formatMs(ms)})
              </option>
            ))}
          </Select>
          {shown.shown && (
            <StatementList
              key={shown.shown}
              requestId={shown.shown}
              statements={shown.statements}
            />
          )}
        </>
      )}
    </Sheet>
  );
}
