'use client';
import { createContext } from 'react';

/** What the fields and the button of a form know of it. */
export const FormState = createContext<{
  readonly busy: boolean;
  /** What is wrong with a field, by its name. */
  readonly problems: Readonly<Record<string, string>>;
}>({ busy: false, problems: {} });
