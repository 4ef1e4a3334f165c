/** The database lets nobody list organisations, so the application knows those it serves. */
export const servedOrganisations = ['acme', 'globex'] as const;
