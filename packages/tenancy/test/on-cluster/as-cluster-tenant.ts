import type postgres from 'postgres';
import { type Scene, type Sql, sceneThrough } from '../isolation/scene.ts';

/**
 * The isolation scene on a cluster. Settings are passed on to the workers, and a refusal keeps its meaning:
 * through a worker some arrive as XX000 in place of 42501, and Citus itself refuses (0A000) to move a row to
 * another tenant. Any other error is left as it is.
 */
export function sceneOnCluster(
  app: postgres.Sql,
  admin: Sql,
  subject: Pick<Scene, 'a' | 'b' | 'tables'>,
): Scene {
  const scene = sceneThrough(app, admin, subject);
  return {
    ...scene,
    asTenant: (tenant, work) =>
      scene
        .asTenant(undefined, async (sql) => {
          await sql.unsafe(`set local citus.propagate_set_commands = 'local'`);
          await sql.unsafe(`set local app.tenant_id = '${tenant ?? ''}'`);
          return work(sql);
        })
        .catch((error: unknown) => {
          throw refusalOf(error);
        }),
  };
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const refused =
    (error.code === 'XX000' && /row-level security|permission denied/.test(error.message)) ||
    (error.code === '0A000' && /partition (?:value|column)/.test(error.message));
  return refused ? Object.assign(new Error(error.message), { code: '42501' }) : error;
}
