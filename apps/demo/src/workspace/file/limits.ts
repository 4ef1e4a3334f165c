/** The most that one file may hold. The browser checks it before it sends, the server before it stores. */
export const mostFileBytes = 10_000_000;
