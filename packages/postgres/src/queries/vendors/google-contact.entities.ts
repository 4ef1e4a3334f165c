import { googleContacts } from '../../schemas/connector.google-contact.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const googleContactEntity = defineEntity(googleContacts, {
  key: 'id',
  version: 'contactUpdatedAt',
});
