import { instant } from '@reference/kit';
import { boolean, index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

/** The playlist, album or artist that a track was played from. */
export type SpotifyContextData = { type: string; uri: string; [field: string]: unknown };
export type SpotifyOwnerData = {
  id: string;
  display_name?: string | null;
  [field: string]: unknown;
};
export type SpotifyImageData = { url: string; width: number | null; height: number | null };

/** A row is a track that one connection has played or saved. */
export const spotifyTracks = pgTable(
  'spotify_tracks',
  {
    id: short('id').notNull(),
    name: varchar('name', { length: 1024 }).notNull(),
    artistIds: text('artist_ids').array().notNull().default([]),
    artistNames: text('artist_names').array().notNull().default([]),
    albumId: short('album_id'),
    albumName: varchar('album_name', { length: 1024 }),
    durationMs: integer('duration_ms').notNull(),
    popularity: integer('popularity'),
    trackNumber: integer('track_number'),
    discNumber: integer('disc_number'),
    isrc: varchar('isrc', { length: 16 }),
    isExplicit: boolean('is_explicit').notNull().default(false),
    url: url('url'),
    previewUrl: url('preview_url'),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('spotify_tracks', t),
    // Serves the tracks of an album.
    index('spotify_tracks_album_idx').on(t.connectorConfigId, t.albumId, t.updatedAt, t.id),
  ],
);

/** A row is an artist that one connection follows or has played. */
export const spotifyArtists = pgTable(
  'spotify_artists',
  {
    id: short('id').notNull(),
    name: varchar('name', { length: 1024 }).notNull(),
    genres: text('genres').array().notNull().default([]),
    popularity: integer('popularity'),
    followers: integer('followers'),
    url: url('url'),
    images: jsonb('images').$type<SpotifyImageData[]>(),
    ...vendorColumns,
  },
  (t) => vendorConstraints('spotify_artists', t),
);

/** A row is a playlist in one connection's library. */
export const spotifyPlaylists = pgTable(
  'spotify_playlists',
  {
    id: short('id').notNull(),
    name: varchar('name', { length: 1024 }).notNull(),
    description: text('description'),
    isPublic: boolean('is_public').notNull().default(false),
    isCollaborative: boolean('is_collaborative').notNull().default(false),
    owner: jsonb('owner').$type<SpotifyOwnerData>(),
    snapshotId: short('snapshot_id'),
    trackCount: integer('track_count').notNull().default(0),
    url: url('url'),
    images: jsonb('images').$type<SpotifyImageData[]>(),
    ...vendorColumns,
  },
  (t) => vendorConstraints('spotify_playlists', t),
);

/** A row is an album in one connection's library. */
export const spotifyAlbums = pgTable(
  'spotify_albums',
  {
    id: short('id').notNull(),
    name: varchar('name', { length: 1024 }).notNull(),
    albumType: varchar('album_type', { length: 32 }),
    artistIds: text('artist_ids').array().notNull().default([]),
    artistNames: text('artist_names').array().notNull().default([]),
    // Text, because Spotify knows some dates only to the year or the month.
    releaseDate: varchar('release_date', { length: 10 }),
    releaseDatePrecision: varchar('release_date_precision', { length: 8 }),
    totalTracks: integer('total_tracks').notNull().default(0),
    label: short('label'),
    url: url('url'),
    images: jsonb('images').$type<SpotifyImageData[]>(),
    ...vendorColumns,
  },
  (t) => vendorConstraints('spotify_albums', t),
);

/** A row is one play of a track. Spotify names no id for it: see spotifyPlayId. */
export const spotifyRecentlyPlayed = pgTable(
  'spotify_recently_played',
  {
    id: short('id').notNull(),
    trackId: short('track_id').notNull(),
    playedAt: instant('played_at').notNull(),
    context: jsonb('context').$type<SpotifyContextData>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('spotify_recently_played', t),
    // Serves getSpotifyRecentlyPlayed of one track.
    index('spotify_recently_played_track_idx').on(
      t.connectorConfigId,
      t.trackId,
      t.updatedAt,
      t.id,
    ),
    // Serves the activity feed and listTopSpotifyArtists.
    index('spotify_recently_played_activity_idx').on(t.connectorConfigId, t.playedAt, t.id),
  ],
);

export type SpotifyTrackDataTarget = typeof spotifyTracks.$inferInsert;
export type SpotifyTrackDataSelect = typeof spotifyTracks.$inferSelect;
export type SpotifyArtistDataTarget = typeof spotifyArtists.$inferInsert;
export type SpotifyArtistDataSelect = typeof spotifyArtists.$inferSelect;
export type SpotifyPlaylistDataTarget = typeof spotifyPlaylists.$inferInsert;
export type SpotifyPlaylistDataSelect = typeof spotifyPlaylists.$inferSelect;
export type SpotifyAlbumDataTarget = typeof spotifyAlbums.$inferInsert;
export type SpotifyAlbumDataSelect = typeof spotifyAlbums.$inferSelect;
export type SpotifyRecentlyPlayedDataTarget = typeof spotifyRecentlyPlayed.$inferInsert;
export type SpotifyRecentlyPlayedDataSelect = typeof spotifyRecentlyPlayed.$inferSelect;
