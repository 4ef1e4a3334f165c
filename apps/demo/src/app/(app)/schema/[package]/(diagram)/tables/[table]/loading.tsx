import { SkeletonList } from '@/ui/states.tsx';

export default function Loading() {
  return (
    <div className="p-5">
      <SkeletonList rows={9} />
    </div>
  );
}
