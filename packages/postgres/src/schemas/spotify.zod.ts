import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import {
  spotifyAlbums,
  spotifyArtists,
  spotifyPlaylists,
  spotifyRecentlyPlayed,
  spotifyTracks,
} from './connector.spotify.schema.ts';

export const spotifyTrackInsertSchema = createInsertSchema(spotifyTracks);
export const spotifyTrackSelectSchema = createSelectSchema(spotifyTracks);
export const spotifyTrackUpdateSchema = createUpdateSchema(spotifyTracks);

export const spotifyArtistInsertSchema = createInsertSchema(spotifyArtists);
export const spotifyArtistSelectSchema = createSelectSchema(spotifyArtists);
export const spotifyArtistUpdateSchema = createUpdateSchema(spotifyArtists);

export const spotifyPlaylistInsertSchema = createInsertSchema(spotifyPlaylists);
export const spotifyPlaylistSelectSchema = createSelectSchema(spotifyPlaylists);
export const spotifyPlaylistUpdateSchema = createUpdateSchema(spotifyPlaylists);

export const spotifyAlbumInsertSchema = createInsertSchema(spotifyAlbums);
export const spotifyAlbumSelectSchema = createSelectSchema(spotifyAlbums);
export const spotifyAlbumUpdateSchema = createUpdateSchema(spotifyAlbums);

export const spotifyRecentlyPlayedInsertSchema = createInsertSchema(spotifyRecentlyPlayed);
export const spotifyRecentlyPlayedSelectSchema = createSelectSchema(spotifyRecentlyPlayed);
export const spotifyRecentlyPlayedUpdateSchema = createUpdateSchema(spotifyRecentlyPlayed);
