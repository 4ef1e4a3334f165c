import { xTweetEntity } from './x.entities.ts';

export const getXTweets = xTweetEntity.get;
export const getXTweet = xTweetEntity.getOne;
