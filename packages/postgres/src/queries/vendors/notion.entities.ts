import { notionPages } from '../../schemas/connector.notion.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const notionPageEntity = defineEntity(notionPages, {
  key: 'id',
  version: 'pageEditedAt',
  heavy: ['content', 'properties'],
  filters: ['parentId'],
});
