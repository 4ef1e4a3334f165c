'use client';

import { Play } from 'lucide-react';
import { type ReactNode, useActionState } from 'react';
import type { PackageSlug } from '@/catalog/schema-packages.ts';
import type { ListedQuery } from '@/lab/labs.ts';
import type { FieldView } from '@/lab/run-query.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { EmptyState, SkeletonList } from '@/ui/states.tsx';
import { runInLab } from './lab-actions.tsx';

/** A query's parameters, and what its run showed. */
export function LabForm({
  package: slug,
  query,
  fields,
}: {
  package: PackageSlug;
  query: ListedQuery;
  fields: readonly FieldView[];
}) {
  const [shown, run, isRunning] = useActionState<ReactNode, FormData>(
    runInLab.bind(null, slug, query.slug),
    null,
  );
  const isMissing = fields.some((field) => field.kind === 'choice' && field.choices.length === 0);
  return (
    <>
      <form action={run} className="flex flex-wrap items-end gap-3">
        {fields.map((field) => (
          <div key={field.name} className="w-full sm:w-auto sm:min-w-40">
            <Parameter field={field} />
          </div>
        ))}
        <Button type="submit" look="primary" busy={isRunning} disabled={isMissing}>
          <Play size={14} aria-hidden />
          Run
        </Button>
        {query.writes && (
          <p className="text-muted text-sm">Runs in a transaction that is taken back.</p>
        )}
      </form>
      <section aria-label="Result" aria-live="polite" aria-busy={isRunning}>
        {isMissing ? (
          <EmptyState title="Nothing to run it on">
            You have nothing yet that this query asks for.
          </EmptyState>
        ) : isRunning ? (
          <SkeletonList rows={8} />
        ) : (
          (shown ?? (
            <EmptyState title="Not run yet">
              Run it to see its statements, their plans, and what it answers.
            </EmptyState>
          ))
        )}
      </section>
    </>
  );
}

function Parameter({ field }: { field: FieldView }) {
  if (field.kind === 'choice') {
    return (
      <Select label={field.name} name={field.name} className="sm:max-w-72">
        {field.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    );
  }
  if (field.kind === 'number') {
    return (
      <Field
        label={field.name}
        name={field.name}
        type="number"
        min={0}
        max={field.max}
        required
        defaultValue={field.initial}
        className="sm:w-28"
      />
    );
  }
  return (
    <Field
      label={field.name}
      name={field.name}
      maxLength={500}
      defaultValue={field.initial}
      className="sm:w-72"
    />
  );
}
