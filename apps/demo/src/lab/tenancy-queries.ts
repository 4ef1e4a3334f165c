import {
  countTenantRows,
  createConversation,
  embedQuery,
  hashingEmbedder,
  listChunks,
  listConversations,
  listDocuments,
  listUsers,
  requireTenant,
  searchChunks,
  type TenantTx,
} from '@reference/tenancy';
import { type LabField, type LabQuery, type LabValues, limitField } from './lab-query.ts';

const documentField: LabField<TenantTx> = {
  name: 'documentId',
  kind: 'choice',
  choices: async (tx: TenantTx) => {
    const { items } = await listDocuments(tx, { limit: 50 });
    return items.map(({ id, title }) => ({ value: id, label: title }));
  },
};

const userField: LabField<TenantTx> = {
  name: 'userId',
  kind: 'choice',
  choices: async (tx: TenantTx) => {
    const { items } = await listUsers(tx, { limit: 50 });
    return items.map(({ id, email }) => ({ value: id, label: email }));
  },
};

const questionField: LabField<TenantTx> = {
  name: 'question',
  kind: 'text',
  initial: 'How many days of holiday do I have?',
};

const search = (mode: 'vector' | 'text' | 'hybrid'): LabQuery<TenantTx> => ({
  name: `searchChunks by ${mode}`,
  call: `searchChunks(tx, { query, mode: '${mode}', limit })`,
  fields: [questionField, { ...limitField, initial: 10, max: 100 }],
  run: async (tx: TenantTx, _person: unknown, values: LabValues) =>
    searchChunks(tx, {
      query: await embedQuery(hashingEmbedder(), values.text('question')),
      mode,
      limit: values.number('limit'),
    }),
});

/** The organisations' queries that the lab runs, each in a transaction of the chosen one. */
export const tenancyQueries: readonly LabQuery<TenantTx>[] = [
  search('hybrid'),
  search('vector'),
  search('text'),
  {
    name: 'listDocuments',
    call: 'listDocuments(tx, { limit })',
    fields: [limitField],
    run: (tx, _person, values) => listDocuments(tx, { limit: values.number('limit') }),
  },
  {
    name: 'listChunks',
    call: 'listChunks(tx, { documentId, limit })',
    fields: [documentField, limitField],
    run: (tx, _person, values) =>
      listChunks(tx, { documentId: values.text('documentId'), limit: values.number('limit') }),
  },
  {
    name: 'listUsers',
    call: 'listUsers(tx, { limit })',
    fields: [limitField],
    run: (tx, _person, values) => listUsers(tx, { limit: values.number('limit') }),
  },
  {
    name: 'listConversations',
    call: 'listConversations(tx, { userId, limit })',
    fields: [userField, limitField],
    run: (tx, _person, values) =>
      listConversations(tx, { userId: values.text('userId'), limit: values.number('limit') }),
  },
  {
    name: 'requireTenant',
    call: 'requireTenant(tx)',
    fields: [],
    run: (tx) => requireTenant(tx),
  },
  {
    name: 'countTenantRows',
    call: 'countTenantRows(tx)',
    fields: [],
    run: (tx) => countTenantRows(tx),
  },
  {
    name: 'createConversation',
    call: 'createConversation(tx, { userId, title })',
    fields: [userField, { name: 'title', kind: 'text', initial: 'From the lab' }],
    writes: true,
    run: (tx, _person, values) =>
      createConversation(tx, { userId: values.text('userId'), title: values.text('title') }),
  },
];
