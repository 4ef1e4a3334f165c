import { BookOpen, Compass, Database, FolderTree, ListTodo, Plug, Settings } from 'lucide-react';

/** The parts of the application, in the order of its navigation. */
export const areas = [
  { href: '/guide', name: 'Guide', icon: Compass },
  { href: '/drives', name: 'Workspace', icon: FolderTree },
  { href: '/connectors', name: 'Connectors', icon: Plug },
  { href: '/tasks', name: 'Tasks', icon: ListTodo },
  { href: '/knowledge', name: 'Knowledge', icon: BookOpen },
  { href: '/schema', name: 'Schema', icon: Database },
  { href: '/settings', name: 'Settings', icon: Settings },
] as const;
