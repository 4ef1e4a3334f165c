import { SkeletonList } from '@/ui/states.tsx';

export default function Loading() {
  return (
    <div className="p-6">
      <SkeletonList rows={8} />
    </div>
  );
}
