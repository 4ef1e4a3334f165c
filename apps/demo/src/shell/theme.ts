/** Shows a theme at once, and keeps it for a year; the server puts it into the page next time. */
export function setTheme(theme: 'light' | 'dark' | 'system'): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  const year = 365 * 86_400;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `theme=${theme}; path=/; max-age=${year}; samesite=lax`;
}
