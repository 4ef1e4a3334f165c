import { type Entry, INDEX, MATVIEW, TABLE } from './objects.ts';

/** What the planner and the storage do. */
export const performance: Entry[] = [
  ['an index added', TABLE, 'create index #_by on # (id)', 'index public.#_by'],
  ['an index dropped', INDEX, 'drop index #_by', 'index public.#_by'],
  [
    'an index’s columns',
    INDEX,
    'drop index #_by; create index #_by on # (id, note)',
    'index public.#_by',
  ],
  [
    'an index’s INCLUDE',
    INDEX,
    'drop index #_by; create index #_by on # (id) include (note)',
    'index public.#_by',
  ],
  [
    'an index’s predicate',
    INDEX,
    'drop index #_by; create index #_by on # (id) where id > 0',
    'index public.#_by',
  ],
  ['an index’s options', INDEX, 'alter index #_by set (fillfactor = 50)', 'index public.#_by'],
  ['an index renamed', INDEX, 'alter index #_by rename to #_renamed', 'index public.#_renamed'],
  [
    'an index’s statistics target',
    `${TABLE} create index #_by on # ((id + 1));`,
    'alter index #_by alter column 1 set statistics 500',
    'column setting public.#_by.expr',
  ],
  ['a table’s storage parameters', TABLE, 'alter table # set (fillfactor = 50)', 'table public.#'],
  [
    'autovacuum of a table',
    TABLE,
    'alter table # set (autovacuum_enabled = off)',
    'table public.#',
  ],
  [
    'options of TOAST',
    TABLE,
    'alter table # set (toast.autovacuum_enabled = off)',
    'table setting public.#',
  ],
  ['a clustered index', INDEX, 'alter table # cluster on #_by', 'table setting public.#'],
  [
    'a column’s storage',
    TABLE,
    'alter table # alter note set storage external',
    'column public.#.note',
  ],
  [
    'a column’s compression',
    TABLE,
    'alter table # alter note set compression pglz',
    'column setting public.#.note',
  ],
  [
    'a column’s statistics target',
    TABLE,
    'alter table # alter note set statistics 500',
    'column setting public.#.note',
  ],
  [
    'n_distinct',
    TABLE,
    'alter table # alter note set (n_distinct = 7)',
    'column setting public.#.note',
  ],
  [
    'n_distinct_inherited',
    TABLE,
    'alter table # alter note set (n_distinct_inherited = 7)',
    'column setting public.#.note',
  ],
  [
    'a statistics object added',
    TABLE,
    'create statistics #_stat on id, note from #',
    'statistics public.#_stat',
  ],
  [
    'a statistics object’s target',
    `${TABLE} create statistics #_stat on id, note from #;`,
    'alter statistics #_stat set statistics 500',
    'statistics setting public.#_stat',
  ],
  [
    'a materialized view’s options',
    MATVIEW,
    'alter materialized view #_kept set (fillfactor = 50)',
    'materialized view public.#_kept',
  ],
  [
    'a clustered materialized view',
    `${MATVIEW} create index #_by on #_kept (id);`,
    'alter materialized view #_kept cluster on #_by',
    'table setting public.#_kept',
  ],
];
