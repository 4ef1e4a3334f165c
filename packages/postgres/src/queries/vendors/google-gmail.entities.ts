import { googleGmailMessages } from '../../schemas/connector.google-gmail.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const googleGmailMessageEntity = defineEntity(googleGmailMessages, {
  key: 'id',
  heavy: ['payload'],
  filters: ['threadId'],
});
