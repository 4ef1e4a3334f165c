import type { ReactNode } from 'react';
import { WorkspaceSidebar } from '@/workspace/tree/sidebar.tsx';
import { WorkspaceProvider } from '@/workspace/tree/workspace-context.tsx';

interface Props {
  readonly params: Promise<{ driveId: string }>;
  readonly children: ReactNode;
}

export default async function DriveLayout({ params, children }: Props) {
  const { driveId } = await params;
  return (
    <WorkspaceProvider key={driveId} driveId={driveId}>
      <div className="flex h-full min-h-0 flex-col md:flex-row">
        <WorkspaceSidebar />
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">{children}</div>
      </div>
    </WorkspaceProvider>
  );
}
