'use server';

import type { ReactNode } from 'react';
import { findPackage } from '@/catalog/schema-packages.ts';
import { labPersonOf } from '@/lab/lab-person.ts';
import { labs } from '@/lab/labs.ts';
import { problemOf } from '@/server/problems.ts';
import { requireSession } from '@/server/session.ts';
import { ErrorState } from '@/ui/states.tsx';
import { LabResult } from './lab-result.tsx';

/** Runs a query of the lab for whoever is signed in. @returns what to show of it */
export async function runInLab(
  packageSlug: string,
  query: string,
  _before: ReactNode,
  form: FormData,
): Promise<ReactNode> {
  const session = await requireSession();
  const input = Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const shown = findPackage(String(packageSlug));
  if (!shown) return <ErrorState title="There is no such package." />;
  try {
    const run = await labs[shown.slug].run(String(query), await labPersonOf(session), input);
    return <LabResult run={run} />;
  } catch (error) {
    return <ErrorState title="The query gave an error">{problemOf(error).message}</ErrorState>;
  }
}
