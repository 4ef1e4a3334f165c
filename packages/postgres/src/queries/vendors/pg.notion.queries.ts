import { notionPageEntity } from './notion.entities.ts';

export const getNotionPages = notionPageEntity.get;
export const getNotionPage = notionPageEntity.getOne;
