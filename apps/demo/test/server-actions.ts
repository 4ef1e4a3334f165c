import { readFile } from 'node:fs/promises';
import type { APIResponse, BrowserContext } from 'playwright-core';
import { z } from 'zod';
import { home } from './browser.ts';

const manifest = z.object({
  node: z.record(
    z.string(),
    z.object({
      filename: z.string(),
      exportedName: z.string(),
    }),
  ),
});

/** A function that browsers may call, as the build lists it. */
export interface ServerAction {
  readonly id: string;
  /** File and function: `tasks/actions deleteTask`. */
  readonly name: string;
}

/** Every server action that the application has: read from the build, so that none is forgotten. */
export async function serverActions(): Promise<readonly ServerAction[]> {
  const file = new URL('../.next/server/server-reference-manifest.json', import.meta.url);
  const { node } = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  return Object.entries(node).map(([id, { filename, exportedName }]) => ({
    id,
    name: `${filename.replace(/^.*\/src\//, '').replace(/\.tsx?$/, '')} ${exportedName}`,
  }));
}

/** A kept connection that the server closes at that moment is no answer: asked again, as browsers do. */
const maxRetries = 3;

/**
 * Calls an action as a browser does, with whatever arguments; Next takes it at any path.
 *
 * @param options.args of JSON; where there is a form, '$K1' stands for it
 */
export function call(
  context: BrowserContext,
  action: ServerAction,
  options: { readonly args: readonly unknown[]; readonly form?: Form | undefined },
): Promise<APIResponse> {
  const { args, form } = options;
  const headers = { 'next-action': action.id, origin: home };
  const data = JSON.stringify(args);
  if (!form) {
    const type = { 'content-type': 'text/plain;charset=UTF-8' };
    return context.request.post('/drives', {
      maxRedirects: 0,
      maxRetries,
      headers: { ...headers, ...type },
      data,
    });
  }
  const multipart = new FormData();
  for (const [name, value] of Object.entries(form)) multipart.append(`_1_${name}`, value);
  // The arguments come last: they are read as they arrive.
  multipart.append('0', data);
  return context.request.post('/drives', { maxRedirects: 0, maxRetries, headers, multipart });
}

/** A form among the arguments. */
export type Form = Readonly<Record<string, string | File>>;

const answer = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), problem: z.object({ code: z.string() }) }),
  z.object({ code: z.string() }).transform((problem) => ({ ok: false as const, problem })),
]);

/** An action's answer: its value, or the code of its problem. */
export async function answerOf(
  response: APIResponse,
): Promise<{ readonly code: string; readonly value: unknown }> {
  const text = await response.text();
  // A row of the stream: `1:{"ok":…}`.
  const row = /^1:(\{.*)$/m.exec(text)?.[1];
  const parsed = answer.safeParse(row === undefined ? undefined : JSON.parse(row));
  if (!parsed.success) return { code: `status ${response.status()}`, value: text };
  return parsed.data.ok
    ? { code: 'OK', value: parsed.data.value }
    : { code: parsed.data.problem.code, value: undefined };
}
