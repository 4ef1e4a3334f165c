'use client';

import { Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { PackageSlug } from '@/catalog/schema-packages.ts';
import type { ListedQuery } from '@/lab/labs.ts';
import type { FieldView } from '@/lab/run-query.ts';
import { Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
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
  const [shown, setShown] = useState<ReactNode>(null);
  const [isRunning, setRunning] = useState(false);
  const send = async (form: FormData) => {
    setRunning(true);
    try {
      setShown(await runInLab(slug, query.slug, null, form));
      return { ok: true, value: undefined } as const;
    } finally {
      setRunning(false);
    }
  };
  const isMissing = fields.some((field) => field.kind === 'choice' && field.choices.length === 0);
  return (
    <>
      <Form keepsValues send={send} className="flex flex-wrap items-end gap-3">
        {fields.map((field) => (
          <div key={field.name} className="w-full sm:w-auto">
            <Parameter field={field} />
          </div>
        ))}
        <SubmitButton disabled={isMissing}>
          <Play size={14} aria-hidden />
          Run
        </SubmitButton>
        {query.writes && (
          <p className="text-muted text-sm">Runs in a transaction that is taken back.</p>
        )}
      </Form>
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
      <Select label={field.name} name={field.name} className="sm:min-w-40 sm:max-w-72">
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
