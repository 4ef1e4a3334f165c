// Functions for requests: each takes the user and puts it into its statement, or reads no personal
// data (providers). ../worker.ts exports the functions for workers.
export { type Activity, getRecentActivity } from './activity.queries.ts';
export * from './chat.queries.ts';
export * from './connections.queries.ts';
export type { PostgresDatabase, PostgresTransaction } from './database.ts';
export type { EntityInput, GetParams } from './entity/define-entity.ts';
export * from './feedback.queries.ts';
export * from './goal.queries.ts';
export type { HotQuery, PlanSample } from './hot-query.ts';
export * from './oauth-tokens.queries.ts';
export type { Page, PageParams } from './page.ts';
export * from './personal-data.queries.ts';
export * from './providers.queries.ts';
export * from './sync.queries.ts';
export * from './vendors/pg.github.queries.ts';
export * from './vendors/pg.google-calendar.queries.ts';
export * from './vendors/pg.google-contact.queries.ts';
export * from './vendors/pg.google-gmail.queries.ts';
export * from './vendors/pg.google-photos.queries.ts';
export * from './vendors/pg.google-youtube.queries.ts';
export * from './vendors/pg.jira.queries.ts';
export * from './vendors/pg.linear.queries.ts';
export * from './vendors/pg.notion.queries.ts';
export * from './vendors/pg.slack.queries.ts';
export * from './vendors/pg.spotify.queries.ts';
export * from './vendors/pg.x.queries.ts';
