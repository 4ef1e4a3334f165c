'use server';

import type { ReactNode } from 'react';
import { z } from 'zod';
import { Code } from '@/schema-screen/code.tsx';
import { PlanTree } from '@/schema-screen/plan-tree.tsx';
import { problemOf } from '@/server/problems.ts';
import { requireSession } from '@/server/session.ts';
import { ErrorState } from '@/ui/states.tsx';
import { planOf, readStatements, type ShownStatement } from './read-statements.ts';
import { forgetRequest, lastPage, requestsOf } from './requests.ts';

/** A request of whoever asks, for the panel's choice. */
export interface ListedRequest {
  readonly id: string;
  /** `GET /tasks` */
  readonly name: string;
  readonly statements: number;
  /** Milliseconds of its statements together, without those that still run. */
  readonly ms: number;
}

/** A statement, and its text in colours. */
export interface ListedStatement extends ShownStatement {
  readonly code: ReactNode;
}

const requestId = z.uuid().optional().catch(undefined);

/**
 * The statements of one of the caller's own requests.
 *
 * @param id of a request; without one, or for another's, the last page that the caller looked at
 */
export async function showStatements(id?: unknown): Promise<{
  readonly requests: readonly ListedRequest[];
  readonly shown: string | undefined;
  readonly statements: readonly ListedStatement[];
}> {
  const { sessionId } = await requireSession();
  forgetRequest(sessionId);
  const requests = requestsOf(sessionId);
  const wanted = requestId.parse(id);
  const request = requests.find((known) => known.id === wanted) ?? lastPage(sessionId);
  return {
    requests: requests.map(({ id, method, address, statements }) => ({
      id,
      name: `${method} ${address}`,
      statements: statements.length,
      ms: statements.reduce((sum, { end }) => sum + (end?.ms ?? 0), 0),
    })),
    shown: request?.id,
    statements: (request ? await readStatements(request) : []).map((statement, index) => ({
      ...statement,
      code: <Code language="sql" label={`SQL of statement ${index + 1}`} code={statement.sql} />,
    })),
  };
}

const place = z.tuple([z.uuid(), z.int().min(0)]);

/** The plan of a statement of one of the caller's own requests. */
export async function showPlan(...input: unknown[]): Promise<ReactNode> {
  const { sessionId } = await requireSession();
  forgetRequest(sessionId);
  const [id, index] = place.safeParse(input).data ?? [];
  const request = requestsOf(sessionId).find((known) => known.id === id);
  if (!request || index === undefined) {
    return <ErrorState title="This request is not kept any more." />;
  }
  try {
    const plan = await planOf(request, index);
    if (plan) return <PlanTree plan={plan} />;
    return <p className="text-muted text-sm">Settings of a transaction have no plan.</p>;
  } catch (error) {
    return <ErrorState title="No plan">{problemOf(error).message}</ErrorState>;
  }
}
