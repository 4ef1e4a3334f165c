import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ToastProvider } from '@/ui/toast.tsx';
import './globals.css';

export const metadata: Metadata = {
  // No default: a screen that is titled by what it shows draws a <title>, and the first of two would win.
  title: { default: '', template: '%s · Postgres reference' },
  description: 'Four schemas on PostgreSQL, in use.',
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = (await cookies()).get('theme')?.value;
  return (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined}>
      <body>
        <ToastProvider>{children}</ToastProvider>
      </body>
    </html>
  );
}
