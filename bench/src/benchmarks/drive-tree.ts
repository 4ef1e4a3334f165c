import { getDriveTree, type TreeNode } from '@pagespace/db';
import postgres from 'postgres';
import type { Benchmark, Target } from '../benchmark.ts';
import { ownedDrives } from '../samples.ts';

type Params = Awaited<ReturnType<typeof ownedDrives>>[number];
type FlatNode = Omit<TreeNode, 'children'>;

const treeTargets: readonly Target[] = [
  { contestant: 'this project', figure: 'latencyRatio', atMost: 0.4 },
];

export const driveTree: Benchmark<Params> = {
  name: 'drive-tree',
  title: 'Whole tree of a drive',
  about: 'All pages of a drive as a tree, about 200 of them, for its owner.',
  throughput: false,
  targets: treeTargets,
  samples: ownedDrives,
  comparable: flatten,
  contestants: ({ db, raw, secondRaw }) => [
    { name: 'recursive CTE', run: ({ driveId }) => recursive(raw, driveId) },
    { name: 'this project', run: (params) => getDriveTree(db, params) },
    { name: 'a query per node', run: ({ driveId }) => perNode(secondRaw, driveId, null) },
  ],
};

export const largeDriveTree: Benchmark<Params> = {
  name: 'drive-tree-large',
  title: 'Whole tree of a large drive',
  about: 'The same for a drive of 2,000 pages, five to a parent.',
  throughput: false,
  targets: treeTargets,
  prepare: makeLargeDrives,
  samples: async ({ raw }) =>
    await raw<Params[]>`
      select "ownerId" as "userId", id as "driveId" from drives where starts_with(id, ${largePrefix})`,
  comparable: flatten,
  contestants: ({ db, raw }) => [
    { name: 'recursive CTE', run: ({ driveId }) => recursive(raw, driveId) },
    { name: 'this project', run: (params) => getDriveTree(db, params) },
  ],
};

const largePrefix = 'bench-large-';

/** Twenty of them, each some user's; vacuumed, so that indexes alone answer. */
async function makeLargeDrives(url: string): Promise<() => Promise<void>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const remove = async () => {
    await sql`delete from drives where starts_with(id, ${largePrefix})`;
    await sql`vacuum analyze pages`;
  };
  await remove();
  await sql`
    insert into drives (id, name, slug, "ownerId")
    select ${largePrefix} || id, 'Large', ${largePrefix} || id, id
    from (select id from users order by id limit 20) owner`;
  await sql`
    insert into pages (id, "driveId", "parentId", title, type, position)
    select left(md5(d.id || n), 24), d.id, case when n >= 5 then left(md5(d.id || n / 5), 24) end,
      'Page ' || n || ' of a large drive', (array['FOLDER', 'DOCUMENT', 'CHANNEL']::"PageType"[])[1 + n % 3], n
    from drives d, generate_series(1, 2000) n where starts_with(d.id, ${largePrefix})`;
  await sql`vacuum analyze pages`;
  return async () => {
    await remove();
    await sql.end();
  };
}

/** The tree as most write it: the database walks it, depth by depth. */
async function recursive(raw: postgres.Sql, driveId: string): Promise<TreeNode[]> {
  const rows = await raw<(FlatNode & { depth: number })[]>`
    with recursive tree as (
      select id, "parentId", title, type, position, 0 as depth from pages
      where "driveId" = ${driveId} and "parentId" is null and not "isTrashed"
      union all
      select p.id, p."parentId", p.title, p.type, p.position, tree.depth + 1
      from tree join pages p on p."driveId" = ${driveId} and p."parentId" = tree.id and not p."isTrashed"
    )
    select id, "parentId", title, type, position, depth from tree order by depth, position, id`;
  const nodes = new Map<string | null, TreeNode>();
  const roots: TreeNode[] = [];
  for (const { id, parentId, title, type, position } of rows) {
    const node = { id, parentId, title, type, position, children: [] };
    nodes.set(id, node);
    (nodes.get(parentId)?.children ?? roots).push(node);
  }
  return roots;
}

async function perNode(
  raw: postgres.Sql,
  driveId: string,
  parentId: string | null,
): Promise<TreeNode[]> {
  const rows = await raw<FlatNode[]>`
    select id, "parentId", title, type, position from pages
    where "driveId" = ${driveId} and ${parentId === null ? raw`"parentId" is null` : raw`"parentId" = ${parentId}`}
      and not "isTrashed"
    order by position, id`;
  const nodes: TreeNode[] = [];
  for (const row of rows) nodes.push({ ...row, children: await perNode(raw, driveId, row.id) });
  return nodes;
}

/** A tree as its nodes in reading order. */
function flatten(tree: unknown): unknown[] {
  if (!Array.isArray(tree)) return [];
  return tree.flatMap(({ id, parentId, title, type, position, children }) => [
    { id, parentId, title, type, position },
    ...flatten(children),
  ]);
}
