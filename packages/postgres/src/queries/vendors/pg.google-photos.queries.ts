import { googlePhotos } from '../../schemas/connector.google-photos.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const photos = defineEntity(googlePhotos, {
  key: 'id',
  heavy: ['mediaMetadata'],
});
export const upsertGooglePhotos = photos.upsert;
export const getGooglePhotos = photos.get;
export const getGooglePhoto = photos.getOne;
