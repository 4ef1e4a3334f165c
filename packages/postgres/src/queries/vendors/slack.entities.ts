import { slackMessages, slackTs } from '../../schemas/connector.slack.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const slackMessageEntity = defineEntity(slackMessages, {
  key: 'id',
  filters: ['channelId'],
  patterns: { ts: slackTs, threadTs: slackTs },
});
