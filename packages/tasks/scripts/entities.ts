import { entitiesPage } from '@reference/entity-diagram';
import * as schema from '../src/schema/index.ts';

/** ENTITIES.md: every table of the package. */
export const entities = (): string =>
  entitiesPage({
    title: '@reference/tasks',
    groups: { Tables: schema },
    omit: ['created_at', 'updated_at'],
  });
