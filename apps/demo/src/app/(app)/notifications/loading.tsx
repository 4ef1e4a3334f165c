import { SkeletonList } from '@/ui/states.tsx';

export default function Loading() {
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-6 md:px-8">
      <SkeletonList />
    </div>
  );
}
