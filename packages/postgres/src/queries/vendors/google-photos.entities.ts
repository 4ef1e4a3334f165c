import { googlePhotos } from '../../schemas/connector.google-photos.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const googlePhotoEntity = defineEntity(googlePhotos, {
  key: 'id',
  heavy: ['mediaMetadata'],
});
