'use client';
import type { SessionSummary } from '@pagespace/db';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Badge } from '@/ui/page.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { endOtherSessions, endSession } from './actions.ts';

/** The browser and the system that a user agent names. */
function deviceOf(userAgent: string | null): string {
  if (!userAgent) return 'An unknown program';
  const browser = /Firefox|Edg|OPR|Chrome|Safari/.exec(userAgent)?.[0] ?? 'Another browser';
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(userAgent)?.[0];
  return system ? `${browser.replace('Edg', 'Edge')} on ${system}` : browser;
}

export function SessionTable({
  sessions,
  ownId,
}: {
  readonly sessions: readonly SessionSummary[];
  readonly ownId: string;
}) {
  const run = useAction();
  return (
    <Table
      label="Sessions"
      head={
        <>
          <Th>Device</Th>
          <Th>Since</Th>
          <Th>Last used</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {sessions.map((session) => {
        const { id, userAgent, ipAddress, tokenPrefix, createdAt, lastUsedAt } = session;
        const over = session.revokedAt !== null || session.expiresAt <= new Date();
        return (
          <tr key={id}>
            <Td>
              <span className="font-medium">{deviceOf(userAgent)}</span>
              <div className="font-mono text-xs text-muted">
                {tokenPrefix}…{ipAddress && `, ${ipAddress}`}
              </div>
            </Td>
            <Td label="Since" className="text-muted">
              <Time at={createdAt} />
            </Td>
            <Td label="Last used" className="text-muted">
              {lastUsedAt ? <Time at={lastUsedAt} /> : 'never'}
            </Td>
            <Td label="State">
              {id === ownId ? (
                <Badge tone="accent">this browser</Badge>
              ) : over ? (
                <Badge>{session.revokedReason ?? 'expired'}</Badge>
              ) : (
                <Badge tone="good">active</Badge>
              )}
            </Td>
            <Td className="text-right">
              {!over && id !== ownId && (
                <ConfirmButton
                  size="sm"
                  look="danger"
                  aria-label={`End the session ${tokenPrefix}`}
                  question="End this session?"
                  consequence="Whoever uses it is signed out. Words that they had not sent stay in their browser."
                  verb="End it"
                  onConfirm={() => run(endSession({ sessionId: id }))}
                >
                  End
                </ConfirmButton>
              )}
            </Td>
          </tr>
        );
      })}
    </Table>
  );
}

export function EndOtherSessions() {
  const run = useAction();
  const { say } = useToast();
  const end = async () => {
    const done = await run(endOtherSessions());
    if (done) say(`${done.value} ${done.value === 1 ? 'session' : 'sessions'} ended.`);
  };
  return (
    <ConfirmButton
      question="End all other sessions?"
      consequence="Every other browser in which you are signed in is signed out."
      verb="End them"
      onConfirm={end}
    >
      End all others
    </ConfirmButton>
  );
}
