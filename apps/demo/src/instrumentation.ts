/** Next calls this once, before the server answers its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { watchRequests } = await import('./statements/watch-requests.ts');
  watchRequests();
  const { startRecurringJobs } = await import('./server/recurring-jobs.ts');
  startRecurringJobs();
  const { startWebhooks } = await import('./webhooks/relay.ts');
  startWebhooks();
}
