const format = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** An instant, in UTC: the same words from the server and in the browser. */
export function Time({ at }: { readonly at: Date | string }) {
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={`${date.toISOString()} (UTC)`}
      className="whitespace-nowrap"
    >
      {format.format(date)}
    </time>
  );
}
