const day = { dateStyle: 'medium', timeZone: 'UTC' } as const;
const toMinute = new Intl.DateTimeFormat('en-GB', { ...day, timeStyle: 'short' });
const toSecond = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/**
 * An instant, in UTC: the same words from the server and in the browser.
 *
 * @param seconds shows the time of day to the second, without the day
 */
export function Time({
  at,
  seconds = false,
}: {
  readonly at: Date | string;
  readonly seconds?: boolean;
}) {
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={`${date.toISOString()} (UTC)`}
      className="whitespace-nowrap"
    >
      {(seconds ? toSecond : toMinute).format(date)}
    </time>
  );
}
