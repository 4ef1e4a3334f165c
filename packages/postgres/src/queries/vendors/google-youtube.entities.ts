import { youtubeSubscriptions } from '../../schemas/connector.google-youtube.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const youtubeSubscriptionEntity = defineEntity(youtubeSubscriptions, {
  key: 'id',
});
