import { parseLimit } from '@reference/kit';
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import {
  spotifyArtists,
  spotifyRecentlyPlayed,
  spotifyTracks,
} from '../../schemas/connector.spotify.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import {
  spotifyAlbumEntity,
  spotifyArtistEntity,
  spotifyPlayEntity,
  spotifyPlaylistEntity,
  spotifyTrackEntity,
} from './spotify.entities.ts';

export const getSpotifyTracks = spotifyTrackEntity.get;
export const getSpotifyTrack = spotifyTrackEntity.getOne;

export const getSpotifyArtists = spotifyArtistEntity.get;
export const getSpotifyArtist = spotifyArtistEntity.getOne;

export const getSpotifyPlaylists = spotifyPlaylistEntity.get;
export const getSpotifyPlaylist = spotifyPlaylistEntity.getOne;

export const getSpotifyAlbums = spotifyAlbumEntity.get;
export const getSpotifyAlbum = spotifyAlbumEntity.getOne;

export const getSpotifyRecentlyPlayed = spotifyPlayEntity.get;
export const getSpotifyPlay = spotifyPlayEntity.getOne;

/** The id of a play's row: Spotify's own is the track and the time. */
export const spotifyPlayId = (trackId: string, playedAt: Date) =>
  `${trackId}:${playedAt.toISOString()}`;

/** The number of a person's plays of an artist. */
export interface TopSpotifyArtist {
  readonly artistId: string;
  /** From the artist's row, else from the played track. */
  readonly name: string;
  readonly plays: number;
}

/**
 * Lists the artists of the tracks played in a period, the most played first. A track by two artists
 * counts for both; a track that is not stored yet counts for none.
 *
 * @param params.from inclusive
 * @param params.to exclusive
 * @param params.limit artists at most, 1 to 200; 50 unless given
 */
export async function listTopSpotifyArtists(
  db: PostgresDatabase,
  params: OwnConnection & {
    readonly from: Date;
    readonly to: Date;
    readonly limit?: number | undefined;
  },
): Promise<TopSpotifyArtist[]> {
  const credit = sql`unnest(${spotifyTracks.artistIds}, ${spotifyTracks.artistNames}) as credit(id, name)`;
  return db
    .select({
      artistId: sql<string>`credit.id`,
      name: sql<string>`coalesce(max(${spotifyArtists.name}), max(credit.name), '')`,
      plays: sql<number>`count(*)::int`,
    })
    .from(spotifyRecentlyPlayed)
    .innerJoin(
      spotifyTracks,
      and(
        eq(spotifyTracks.connectorConfigId, spotifyRecentlyPlayed.connectorConfigId),
        eq(spotifyTracks.id, spotifyRecentlyPlayed.trackId),
      ),
    )
    .crossJoin(credit)
    .leftJoin(
      spotifyArtists,
      and(
        eq(spotifyArtists.connectorConfigId, spotifyRecentlyPlayed.connectorConfigId),
        eq(spotifyArtists.id, sql`credit.id`),
      ),
    )
    .where(
      and(
        inOwnConnection(spotifyRecentlyPlayed.connectorConfigId, params),
        gte(spotifyRecentlyPlayed.playedAt, params.from),
        lt(spotifyRecentlyPlayed.playedAt, params.to),
        sql`credit.id is not null`,
      ),
    )
    .groupBy(sql`credit.id`)
    .orderBy(sql`count(*) desc`, sql`credit.id`)
    .limit(parseLimit(params.limit));
}
