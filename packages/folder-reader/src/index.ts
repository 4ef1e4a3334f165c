export { type FrontMatter, splitFrontMatter, textField } from './front-matter.ts';
export { hashFile, type ReadText, readText, UnreadableFile } from './read-text.ts';
export {
  compareNames,
  type Entry,
  type FolderScan,
  type Problem,
  scanFolder,
} from './scan-folder.ts';
export { isUnread } from './unread.ts';
