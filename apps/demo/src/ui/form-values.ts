// The values of a form's fields, except secrets and files, which no draft keeps.

/** By the field's name: a text, or whether a box is ticked. */
export type FormValues = Readonly<Record<string, string | boolean>>;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const unkept = new Set(['hidden', 'submit', 'button', 'file']);

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (element): element is Control =>
      (element instanceof HTMLInputElement ||
        element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement) &&
      element.name !== '' &&
      !unkept.has(element.type),
  );
}

const isBox = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && control.type === 'checkbox';
const present = (control: Control) => (isBox(control) ? control.checked : control.value);

function initialOf(control: Control): string | boolean {
  if (isBox(control)) return control.defaultChecked;
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue;
  const options = [...control.options];
  return (options.find(({ defaultSelected }) => defaultSelected) ?? options[0])?.value ?? '';
}

function write(control: Control, value: string | boolean): void {
  if (isBox(control)) control.checked = value === true;
  else control.value = String(value);
}

export const valuesOf = (form: HTMLFormElement): FormValues =>
  Object.fromEntries(controlsOf(form).map((control) => [control.name, present(control)]));

/** Whether anything differs from what the form began with. */
export const isTouched = (form: HTMLFormElement): boolean =>
  controlsOf(form).some((control) => present(control) !== initialOf(control));

/** Whether a field that no draft may hold was written in. */
export const holdsSecret = (form: HTMLFormElement): boolean =>
  controlsOf(form).some(({ type, value }) => type === 'password' && value !== '');

/** Puts back to its beginning what was sent; later changes stay. */
export function clearSent(form: HTMLFormElement, sent: FormValues): void {
  for (const control of controlsOf(form)) {
    if (present(control) === sent[control.name]) write(control, initialOf(control));
  }
}

/** The part of a form that a draft keeps: empty if nothing differs from the initial values. */
export function draftOf(form: HTMLFormElement): string {
  const kept = controlsOf(form)
    .filter((control) => control.type !== 'password' && present(control) !== initialOf(control))
    .map((control) => [control.name, present(control)]);
  return kept.length === 0 ? '' : JSON.stringify(Object.fromEntries(kept));
}

/** Fills a form with a draft; a field in which somebody has written already keeps that. */
export function fill(form: HTMLFormElement, draft: string): void {
  if (!draft) return;
  const values: Record<string, unknown> = JSON.parse(draft);
  for (const control of controlsOf(form)) {
    const value = values[control.name];
    if (control.type === 'password' || present(control) !== initialOf(control)) continue;
    if (typeof value === 'string' || typeof value === 'boolean') write(control, value);
  }
}

export const sameValues = (one: FormValues, other: FormValues): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);
