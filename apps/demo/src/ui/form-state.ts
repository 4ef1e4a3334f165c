'use client';
import { createContext } from 'react';

/** The form's state, as its fields and its button see it. */
export const FormState = createContext<{
  readonly busy: boolean;
  /** The problem of each field, by its name. */
  readonly problems: Readonly<Record<string, string>>;
}>({ busy: false, problems: {} });
