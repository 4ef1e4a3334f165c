export { default } from '../tables/[table]/loading.tsx';
