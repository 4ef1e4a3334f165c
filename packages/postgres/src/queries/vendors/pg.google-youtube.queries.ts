import { youtubeSubscriptions } from '../../schemas/connector.google-youtube.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const subscriptions = defineEntity(youtubeSubscriptions, {
  key: 'id',
});
export const upsertYoutubeSubscriptions = subscriptions.upsert;
export const getYoutubeSubscriptions = subscriptions.get;
export const getYoutubeSubscription = subscriptions.getOne;
