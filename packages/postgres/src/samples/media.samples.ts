import type { EntityInput } from '../queries/entity/define-entity.ts';
import { spotifyPlayId } from '../queries/vendors/pg.spotify.queries.ts';
import type {
  spotifyAlbums,
  spotifyArtists,
  spotifyPlaylists,
  spotifyRecentlyPlayed,
  spotifyTracks,
  xTweets,
} from '../schemas/index.ts';
import { at, person, phrase, topic } from './made-up.ts';

const artistOf = (index: number) => ({
  artistIds: [`artist-${index % 20}`],
  artistNames: [`The ${topic(index % 20)}s ${index % 20}`],
});

export function trackSample(index: number): EntityInput<typeof spotifyTracks> {
  return {
    id: `track-${index}`,
    name: phrase(index),
    ...artistOf(index),
    albumId: `album-${index % 30}`,
    albumName: `Album ${index % 30}`,
    durationMs: 180_000 + index,
    popularity: index % 100,
    trackNumber: (index % 12) + 1,
  };
}

export function artistSample(index: number): EntityInput<typeof spotifyArtists> {
  const { artistIds, artistNames } = artistOf(index);
  return {
    id: artistIds[0] ?? '',
    name: artistNames[0] ?? '',
    genres: [topic(index % 20)],
    popularity: index % 20,
    followers: (index % 20) * 1000,
  };
}

export function playlistSample(index: number): EntityInput<typeof spotifyPlaylists> {
  return {
    id: `playlist-${index}`,
    name: `For ${topic(index)}`,
    isPublic: index % 2 === 0,
    owner: { id: 'me', display_name: person(index) },
    snapshotId: `snapshot-${index}`,
    trackCount: index % 90,
  };
}

export function albumSample(index: number): EntityInput<typeof spotifyAlbums> {
  return {
    id: `album-${index % 30}`,
    name: `Album ${index % 30}`,
    albumType: 'album',
    ...artistOf(index % 30),
    releaseDate: String(1990 + (index % 30)),
    releaseDatePrecision: 'year',
    totalTracks: 12,
  };
}

export function playSample(index: number): EntityInput<typeof spotifyRecentlyPlayed> {
  const trackId = `track-${index % 60}`;
  return {
    id: spotifyPlayId(trackId, at(index)),
    trackId,
    playedAt: at(index),
    context: { type: 'album', uri: `spotify:album:album-${index % 30}` },
  };
}

export function tweetSample(index: number): EntityInput<typeof xTweets> {
  return {
    id: String(1_700_000_000_000 + index),
    text: `${phrase(index)}, finally.`,
    authorId: person(index),
    author: { id: person(index), username: person(index) },
    lang: 'en',
    likeCount: index,
    conversationId: String(1_700_000_000_000 + index - (index % 3)),
    inReplyToTweetId: index % 3 === 0 ? null : String(1_700_000_000_000 + index - 1),
    tweetCreatedAt: at(index),
  };
}
