import { xTweets } from '../../schemas/connector.x.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const xTweetEntity = defineEntity(xTweets, {
  key: 'id',
  filters: ['conversationId', 'authorId', 'authorUsername'],
});
