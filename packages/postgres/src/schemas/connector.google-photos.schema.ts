import { instant } from '@reference/kit';
import { index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

/** Camera settings of a photo, or frame rate and state of a video. */
export type GooglePhotoMetadata = {
  photo?: Record<string, unknown>;
  video?: Record<string, unknown>;
  [field: string]: unknown;
};
export type GooglePhotoContributorData = { profilePictureBaseUrl?: string; displayName?: string };

/** A row is a photo or a video in one connection's library. */
export const googlePhotos = pgTable(
  'google_photos',
  {
    id: short('id').notNull(),
    productUrl: url('product_url').notNull(),
    baseUrl: url('base_url'),
    mimeType: varchar('mime_type', { length: 127 }).notNull(),
    filename: short('filename').notNull(),
    description: text('description'),
    creationTime: instant('creation_time').notNull(),
    width: integer('width'),
    height: integer('height'),
    mediaMetadata: jsonb('media_metadata').$type<GooglePhotoMetadata>(),
    contributor: jsonb('contributor').$type<GooglePhotoContributorData>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('google_photos', t),
    // Serves the activity feed.
    index('google_photos_activity_idx').on(t.connectorConfigId, t.creationTime, t.id),
  ],
);

export const googlePhotoInsertSchema = createInsertSchema(googlePhotos);
export const googlePhotoSelectSchema = createSelectSchema(googlePhotos);
export const googlePhotoUpdateSchema = createUpdateSchema(googlePhotos);

export type GooglePhotoDataTarget = typeof googlePhotos.$inferInsert;
export type GooglePhotoDataSelect = typeof googlePhotos.$inferSelect;
