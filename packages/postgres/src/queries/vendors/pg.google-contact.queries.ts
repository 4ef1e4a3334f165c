import { googleContacts } from '../../schemas/connector.google-contact.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const contacts = defineEntity(googleContacts, {
  key: 'id',
  version: 'contactUpdatedAt',
});
export const upsertGoogleContacts = contacts.upsert;
export const getGoogleContacts = contacts.get;
export const getGoogleContact = contacts.getOne;
