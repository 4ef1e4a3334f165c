import type { Metadata } from 'next';
import { SharedView } from '@/workspace/sharing/shared-view.tsx';

export const metadata: Metadata = { title: 'Shared page', robots: { index: false } };

/** Where a link leads. It asks first, because programs that preview links must not use them up. */
export default async function SharedPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return (
    <main className="mx-auto flex min-h-dvh max-w-3xl flex-col gap-4 px-4 py-10">
      <SharedView token={token} />
    </main>
  );
}
