import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { CrashStep } from '@/guide/crash-step.tsx';
import { GuideStep } from '@/guide/guide-step.tsx';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Guide' };

export default async function GuidePage() {
  await openPage();
  return (
    <PageFrame
      title="Three minutes"
      lead="Six things that these schemas promise. Each step does it now, on this database, and shows what it saw."
    >
      <ol className="flex flex-col gap-4">
        <Step
          number={1}
          title="Two people, two organisations, the same functions"
          source="packages/tenancy/src/with-tenant.ts"
          next={{ href: '/schema/tenancy/tables/documents', name: 'The policies of documents' }}
          action={<GuideStep step="isolation" verb="Ask as each of them" />}
        >
          Rights are part of each statement, and row security holds the organisations apart even
          where a statement forgets to. What somebody may not see is not found.
        </Step>
        <Step
          number={2}
          title="Two windows save one page"
          source="packages/db/src/queries/core/pages.ts"
          next={{ href: '/schema/db/tables/pages', name: 'The table, with its revision' }}
          action={<GuideStep step="conflict" verb="Save twice" />}
        >
          The later save of an older revision is refused, in one conditional UPDATE: nobody’s words
          are overwritten. What this makes is taken back.
        </Step>
        <Step
          number={3}
          title="A migration, rehearsed"
          source="packages/migrator/src/verify.ts"
          next={{ href: '/schema/tasks/migrations', name: 'The migrations, with their SQL' }}
          action={<GuideStep step="migration" verb="There and back" />}
        >
          Every migration of the tasks package runs in a database of its own, is taken back and runs
          again; the catalogs are compared.
        </Step>
        <Step
          number={4}
          title="A column is renamed, and nobody is stopped"
          source="packages/migrator/src/plan/plan.ts"
          next={{ href: '/schema/tasks/tables/tasks', name: 'The table, with its columns' }}
          action={<GuideStep step="rename" verb="Rename it in steps" />}
        >
          One statement would break the release that still runs. The migrator’s plan adds the new
          column, keeps both equal, fills it in batches and drops the old one at last, in a scratch
          copy with 20,000 tasks to which both releases write all the while.
        </Step>
        <Step
          number={5}
          title="The audit finds what a review would miss"
          source="packages/audit/src/rules"
          next={{ href: '/schema/tasks', name: 'The schema it looked at' }}
          action={<GuideStep step="finding" verb="Add a table without its index" />}
        >
          In a scratch copy of the tasks schema somebody adds a table whose foreign key has no
          index. Each delete of a task would read that whole table.
        </Step>
        <Step
          number={6}
          title="The server is killed, and is back"
          source="packages/kit/src/client.ts"
          next={{ href: '/tasks', name: 'The worker goes on as well' }}
          action={<CrashStep isOwnServer={process.env.DEMO_OWN_SERVER === '1'} />}
        >
          One of the server’s processes is ended as by{' '}
          <code className="whitespace-nowrap font-mono">kill -9</code>. Every connection breaks; no
          promise hangs, no process of the application ends, and the pool is back when the server
          is.
        </Step>
      </ol>
      <p className="max-w-2xl text-muted">
        After that: the line at the bottom of every screen opens its{' '}
        <strong className="font-medium text-ink">statements</strong>, each with its plan and the
        code that sent it. Sign out and in as Zoe to see how little she sees.
      </p>
    </PageFrame>
  );
}

function Step({
  number,
  title,
  source,
  next,
  action,
  children,
}: {
  number: number;
  title: string;
  /** Where to read how it is done, from the project's root. */
  source: string;
  next: { href: string; name: string };
  action: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 className="font-semibold text-lg">
        {number}. {title}
      </h2>
      <p className="max-w-2xl">{children}</p>
      {action}
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        <Link
          href={next.href}
          prefetch={false}
          className="text-accent underline underline-offset-2"
        >
          {next.name}
        </Link>
        <span className="font-mono text-muted [overflow-wrap:anywhere]">{source}</span>
      </p>
    </li>
  );
}
