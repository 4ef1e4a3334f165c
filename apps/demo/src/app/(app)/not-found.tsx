export { NothingHere as default } from '@/ui/not-found.tsx';
