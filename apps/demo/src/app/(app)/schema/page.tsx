import { redirect } from 'next/navigation';

export default function SchemaPage(): never {
  redirect('/schema/db');
}
