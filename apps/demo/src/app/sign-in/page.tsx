import { Database } from 'lucide-react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getSession } from '@/server/session.ts';
import { SignInForm } from '@/sign-in/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage() {
  if (await getSession()) redirect('/drives');
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex flex-col gap-2">
          <Database className="size-7 text-accent" aria-hidden />
          <h1 className="text-2xl font-semibold tracking-tight">Postgres reference</h1>
          <p className="text-muted">
            Four schemas in use. Sign in as one of the seeded people; the terminal that started this
            says who there is.
          </p>
        </div>
        <div className="rounded-xl border border-line bg-surface p-5">
          <SignInForm />
        </div>
      </div>
    </main>
  );
}
