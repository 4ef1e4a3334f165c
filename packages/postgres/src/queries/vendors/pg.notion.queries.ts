import { notionPages } from '../../schemas/connector.notion.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const pages = defineEntity(notionPages, {
  key: 'id',
  version: 'pageEditedAt',
  heavy: ['content', 'properties'],
  filters: ['parentId'],
});
export const upsertNotionPages = pages.upsert;
export const getNotionPages = pages.get;
export const getNotionPage = pages.getOne;
