import {
  spotifyAlbums,
  spotifyArtists,
  spotifyPlaylists,
  spotifyRecentlyPlayed,
  spotifyTracks,
} from '../../schemas/connector.spotify.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const spotifyTrackEntity = defineEntity(spotifyTracks, {
  key: 'id',
  filters: ['albumId'],
});

export const spotifyArtistEntity = defineEntity(spotifyArtists, {
  key: 'id',
  heavy: ['images'],
});

export const spotifyPlaylistEntity = defineEntity(spotifyPlaylists, {
  key: 'id',
  heavy: ['images'],
});

export const spotifyAlbumEntity = defineEntity(spotifyAlbums, {
  key: 'id',
  heavy: ['images'],
});

export const spotifyPlayEntity = defineEntity(spotifyRecentlyPlayed, {
  key: 'id',
  filters: ['trackId'],
});
