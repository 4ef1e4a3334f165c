'use client';
import { type ComponentProps, useState } from 'react';
import { Field } from './field.tsx';

/** A field of a search: follows the address, but for what somebody typed since it was sent. */
export function KeptField({
  value,
  ...rest
}: Omit<ComponentProps<typeof Field>, 'defaultValue' | 'onChange'> & { readonly value: string }) {
  const [shown, setShown] = useState({ text: value, from: value });
  if (shown.from !== value) {
    setShown({ text: shown.text === shown.from ? value : shown.text, from: value });
  }
  return (
    <Field
      value={shown.text}
      onChange={({ target }) => setShown({ ...shown, text: target.value })}
      {...rest}
    />
  );
}
