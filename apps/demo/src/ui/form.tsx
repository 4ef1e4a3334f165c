'use client';
// The one form of the application. A request takes its time, and people go on writing meanwhile: so
// after it only what was sent is cleared, and only a form that nobody has changed since may be left.
import {
  type ComponentProps,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { ActionResult } from '@/server/action.ts';
import type { Problem } from '@/server/problems.ts';
import { Button } from './button.tsx';
import { useDraft } from './drafts.tsx';
import { FormState } from './form-state.ts';
import {
  clearSent,
  draftOf,
  fill,
  holdsSecret,
  isTouched,
  sameValues,
  valuesOf,
} from './form-values.ts';

const silent: Problem = {
  code: 'UNAVAILABLE',
  message: 'The server does not answer. What you wrote is still here; try again.',
};

/** An action's answer; a server that can't be reached is a problem like any other. */
export async function answered<T>(action: Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return (await action) ?? { ok: false, problem: silent };
  } catch {
    return { ok: false, problem: silent };
  }
}

interface FormProps<T> extends Omit<ComponentProps<'form'>, 'onSubmit' | 'children'> {
  /** The draft's name: the text survives a reload. Without a name it does not, as for secrets. */
  readonly draft?: string;
  /** Asks the server. */
  readonly send: (form: FormData) => Promise<ActionResult<T>>;
  /**
   * Called after the server did it. `typedSince`: something was written while it was at work, so the
   * form must stay open.
   */
  readonly onSent?: (value: T, typedSince: boolean) => void | Promise<void>;
  /** Leaves the fields as they are after it was sent: it is a question, which may be asked again. */
  readonly keepsValues?: boolean;
  /** Fields whose names differ from those in the action's schema. */
  readonly fieldNames?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

/** Sends by its button, Enter or Ctrl+S; says what is wrong at the field that it is about. */
export function Form<T>({
  draft: place,
  send,
  onSent,
  keepsValues = false,
  fieldNames = {},
  children,
  ...rest
}: FormProps<T>) {
  const form = useRef<HTMLFormElement>(null);
  const draft = useDraft(place);
  const isBusy = useRef(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (form.current) fill(form.current, draft.read());
  }, [draft]);
  useAskBeforeLeaving(form);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    if (isBusy.current) return;
    isBusy.current = true;
    const sent = valuesOf(target);
    const sentDraft = draftOf(target);
    setBusy(true);
    setProblem(undefined);
    const result = await answered(send(new FormData(target)));
    isBusy.current = false;
    setBusy(false);
    if (!result.ok) return setProblem(result.problem);
    const isOpen = target.isConnected;
    const typedSince = isOpen && !sameValues(sent, valuesOf(target));
    if (isOpen) {
      if (!keepsValues) clearSent(target, sent);
      draft.keep(typedSince ? draftOf(target) : '');
    } else if (draft.read() === sentDraft) draft.keep('');
    await onSent?.(result.value, typedSince);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  const { problems, general } = placed(problem, form.current, fieldNames);
  return (
    <FormState value={{ busy, problems }}>
      <form
        ref={form}
        {...(rest.action ? {} : { method: 'post' })}
        onSubmit={submit}
        onInput={(event) => draft.keep(draftOf(event.currentTarget))}
        onKeyDown={onKeyDown}
        {...rest}
      >
        {children}
        <p role="alert" className="basis-full text-bad text-sm empty:hidden">
          {general}
        </p>
      </form>
    </FormState>
  );
}

/** The button that sends the form around it. */
export function SubmitButton(props: ComponentProps<typeof Button>) {
  const { busy } = useContext(FormState);
  return <Button type="submit" look="primary" busy={busy} {...props} />;
}

/** Which part of a problem belongs to a field of this form, and what is about the whole. */
function placed(
  problem: Problem | undefined,
  form: HTMLFormElement | null,
  names: Readonly<Record<string, string>>,
) {
  const problems: Record<string, string> = {};
  const rest: string[] = [];
  for (const { name, message } of problem?.fields ?? []) {
    const field = names[name] ?? name;
    if (form?.elements.namedItem(field)) problems[field] ??= sentence(message);
    else rest.push(sentence(message));
  }
  const general = problem?.fields ? rest.join(' ') : problem?.message;
  return { problems, general };
}

/** The schemas' messages go on from the field's name: `must have at least 8 characters`. */
function sentence(message: string): string {
  const text = /^(must|is|are|has|goes|may) /.test(message) ? `This ${message}` : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A secret is kept nowhere, so whoever would lose one by leaving is asked. */
function useAskBeforeLeaving(form: { readonly current: HTMLFormElement | null }): void {
  useEffect(() => {
    const wouldLose = () =>
      form.current !== null && holdsSecret(form.current) && isTouched(form.current);
    const onUnload = (event: BeforeUnloadEvent) => {
      if (wouldLose()) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (!link || event.ctrlKey || event.metaKey || !wouldLose()) return;
      if (window.confirm('What you typed is not stored yet and would be lost. Leave anyway?'))
        return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [form]);
}
