import { googlePhotoEntity } from './google-photos.entities.ts';

export const getGooglePhotos = googlePhotoEntity.get;
export const getGooglePhoto = googlePhotoEntity.getOne;
