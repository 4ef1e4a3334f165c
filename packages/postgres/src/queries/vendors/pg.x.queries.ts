import { xTweets } from '../../schemas/connector.x.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const tweets = defineEntity(xTweets, {
  key: 'id',
  filters: ['conversationId', 'authorId', 'authorUsername'],
});
export const upsertXTweets = tweets.upsert;
export const getXTweets = tweets.get;
export const getXTweet = tweets.getOne;
