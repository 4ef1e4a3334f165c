import { SkeletonList } from '@/ui/states.tsx';

export default function Loading() {
  return (
    <div className="page-width py-6">
      <SkeletonList />
    </div>
  );
}
