export { default } from '../../audit/loading.tsx';
