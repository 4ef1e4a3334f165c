import { PageFrame } from '@/ui/page.tsx';
import { SkeletonList } from '@/ui/states.tsx';

export default function Loading() {
  return (
    <PageFrame title="Knowledge" wide>
      <SkeletonList rows={8} />
    </PageFrame>
  );
}
