import { googleContactEntity } from './google-contact.entities.ts';

export const getGoogleContacts = googleContactEntity.get;
export const getGoogleContact = googleContactEntity.getOne;
