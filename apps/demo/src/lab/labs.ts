import { NotFoundError } from '@reference/kit';
import { catalogSql } from '../catalog/catalog-client.ts';
import type { PackageSlug } from '../catalog/schema-packages.ts';
import { databaseUrl } from '../server/databases.ts';
import {
  type Bench,
  openDbBench,
  openPostgresBench,
  openTasksBench,
  openTenancyBench,
} from './bench.ts';
import { dbQueries } from './db-queries.ts';
import type { LabPerson, LabQuery } from './lab-query.ts';
import { postgresQueries } from './postgres-queries.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { type FieldView, fieldsOf, type LabRun, runQuery } from './run-query.ts';
import { tasksQueries } from './tasks-queries.ts';
import { tenancyQueries } from './tenancy-queries.ts';

/** A query as the lab lists it. */
export interface ListedQuery {
  /** In the page's address. */
  readonly slug: string;
  readonly name: string;
  readonly call: string;
  readonly writes: boolean;
}

interface PackageLab {
  readonly queries: readonly ListedQuery[];
  fields(query: string, person: LabPerson): Promise<FieldView[]>;
  run(query: string, person: LabPerson, input: Readonly<Record<string, string>>): Promise<LabRun>;
}

const slugOf = (name: string) => name.replaceAll(' ', '-');

function labOf<H>(
  database: Parameters<typeof databaseUrl>[0],
  queries: readonly LabQuery<H>[],
  open: (recorder: Recorder, person: LabPerson) => Promise<Bench<H>>,
): PackageLab {
  const find = (slug: string) => {
    const query = queries.find(({ name }) => slugOf(name) === slug);
    if (!query) throw new NotFoundError('The lab has no such query.');
    return query;
  };
  const onBench = async <T>(
    person: LabPerson,
    work: (lab: Parameters<typeof fieldsOf<H>>[0]) => Promise<T>,
  ): Promise<T> => {
    const recorder = createRecorder();
    const bench = await open(recorder, person);
    try {
      return await work({ bench, recorder, person, sql: catalogSql(database) });
    } finally {
      await bench.close();
    }
  };
  return {
    queries: queries.map(({ name, call, writes }) => ({
      slug: slugOf(name),
      name,
      call,
      writes: writes ?? false,
    })),
    fields: async (slug, person) => {
      const query = find(slug);
      return onBench(person, (lab) => fieldsOf(lab, query));
    },
    run: async (slug, person, input) => {
      const query = find(slug);
      return onBench(person, (lab) => runQuery(lab, query, input));
    },
  };
}

/** The lab of each package. */
export const labs: Readonly<Record<PackageSlug, PackageLab>> = {
  db: labOf('pagespace', dbQueries, async (recorder) =>
    openDbBench(databaseUrl('pagespace'), recorder),
  ),
  postgres: labOf('ait', postgresQueries, async (recorder) =>
    openPostgresBench(databaseUrl('ait'), recorder),
  ),
  tasks: labOf('tasks', tasksQueries, async (recorder) =>
    openTasksBench(databaseUrl('tasks'), recorder),
  ),
  tenancy: labOf('tenancy', tenancyQueries, (recorder, person) =>
    openTenancyBench({ url: databaseUrl('tenancy'), role: 'tenancy_app' }, person, recorder),
  ),
};
