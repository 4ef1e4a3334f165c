// Downloads the signed-in person's data from the four databases: a JSON line for each batch of a table.
import { exportEverywhere } from '@/erasure/export-everywhere.ts';
import { ait, pagespace, tasks, tenancy } from '@/server/databases.ts';
import { getSession } from '@/server/session.ts';

export async function GET(): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  const lines = new TransformStream<string, string>();
  const writer = lines.writable.getWriter();
  // The reader's pace is the database's: `write` resolves when the line was taken.
  exportFor(session, (rows) => writer.write(`${JSON.stringify(rows)}\n`))
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
    // The reader has gone.
    .catch(() => {});
  return new Response(lines.readable.pipeThrough(new TextEncoderStream()), {
    headers: {
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="my-data.ndjson"',
      'cache-control': 'no-store',
    },
  });
}

async function exportFor(
  person: { readonly userId: string; readonly email: string },
  write: Parameters<typeof exportEverywhere>[2],
): Promise<void> {
  const databases = {
    pagespace: pagespace(),
    ait: ait(),
    tasks: tasks(),
    tenancy: await tenancy(),
  };
  await exportEverywhere(databases, person, write);
}
