'use client';
import { clsx } from 'clsx';
import { type ComponentProps, type ReactNode, useContext, useId } from 'react';
import { FormState } from './form-state.ts';

const box =
  'w-full rounded-md border border-line-strong bg-surface px-3 text-ink placeholder:text-muted aria-invalid:border-bad';

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  /** Reads the label to a screen reader only. */
  readonly hideLabel?: boolean;
}

function Frame({
  id,
  label,
  hint,
  problem,
  hideLabel,
  children,
}: Labelled & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className={clsx('text-sm font-medium', hideLabel && 'sr-only')}>
        {label}
      </label>
      {children}
      {(problem || hint) && (
        <p
          id={`${id}-note`}
          role={problem ? 'alert' : undefined}
          className={clsx('text-sm', problem ? 'text-bad' : 'text-muted')}
        >
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

/** The state that a form gives its fields. */
function useProblem(name: string | undefined, given: string | undefined): string | undefined {
  const { problems } = useContext(FormState);
  return given ?? (name === undefined ? undefined : problems[name]);
}

const noted = (id: string, { hint, problem }: Labelled) =>
  hint || problem ? { 'aria-describedby': `${id}-note` } : {};

/** A line of text with its label, a hint and what is wrong with it. */
export function Field({
  label,
  hint,
  problem: given,
  hideLabel,
  className,
  ...rest
}: Labelled & ComponentProps<'input'>) {
  const id = useId();
  const problem = useProblem(rest.name, given);
  return (
    <Frame {...{ id, label, hint, problem, ...(hideLabel ? { hideLabel } : {}) }}>
      <input
        id={id}
        aria-invalid={problem ? true : undefined}
        {...noted(id, { label, hint, problem })}
        className={clsx(box, 'h-9', className)}
        {...rest}
      />
    </Frame>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  problem: given,
  hideLabel,
  className,
  ...rest
}: Labelled & ComponentProps<'textarea'>) {
  const id = useId();
  const problem = useProblem(rest.name, given);
  return (
    <Frame {...{ id, label, hint, problem, ...(hideLabel ? { hideLabel } : {}) }}>
      <textarea
        id={id}
        aria-invalid={problem ? true : undefined}
        {...noted(id, { label, hint, problem })}
        className={clsx(box, 'py-2', className)}
        {...rest}
      />
    </Frame>
  );
}

/** One of a few: the browser's own list, which every keyboard and phone knows. */
export function Select({
  label,
  hint,
  problem: given,
  hideLabel,
  className,
  ...rest
}: Labelled & ComponentProps<'select'>) {
  const id = useId();
  const problem = useProblem(rest.name, given);
  return (
    <Frame {...{ id, label, hint, problem, ...(hideLabel ? { hideLabel } : {}) }}>
      <select
        id={id}
        aria-invalid={problem ? true : undefined}
        {...noted(id, { label, hint, problem })}
        className={clsx(box, 'h-9', className)}
        {...rest}
      />
    </Frame>
  );
}

/** A tick box with its words beside it. */
export function Checkbox({
  label,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string }) {
  const id = useId();
  return (
    <div className={clsx('flex items-center gap-2', className)}>
      <input id={id} type="checkbox" className="size-4 accent-accent" {...rest} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
