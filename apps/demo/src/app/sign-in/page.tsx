import { seedPassword } from '@pagespace/db/seed';
import { Database } from 'lucide-react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getSession } from '@/server/session.ts';
import { seededPeople } from '@/sign-in/seeded-people.ts';
import { SignInForm } from '@/sign-in/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage() {
  if (await getSession()) redirect('/guide');
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-8">
      <div className="flex w-full max-w-xl flex-col gap-6">
        <div className="flex flex-col gap-2">
          <Database className="size-7 text-accent" aria-hidden />
          <h1 className="text-2xl font-semibold tracking-tight">Postgres reference</h1>
          <p className="text-muted">
            Four schemas in use. Sign in as one of these people: each sees only what is theirs.
          </p>
        </div>
        <SignInForm people={seededPeople} password={seedPassword} />
      </div>
    </main>
  );
}
