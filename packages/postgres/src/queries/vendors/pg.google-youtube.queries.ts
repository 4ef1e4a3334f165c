import { youtubeSubscriptionEntity } from './google-youtube.entities.ts';

export const getYoutubeSubscriptions = youtubeSubscriptionEntity.get;
export const getYoutubeSubscription = youtubeSubscriptionEntity.getOne;
