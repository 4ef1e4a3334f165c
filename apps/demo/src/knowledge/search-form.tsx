import Form from 'next/form';
import Link from 'next/link';
import { Button } from '@/ui/button.tsx';
import { KeptField } from '@/ui/kept-field.tsx';

export function SearchForm({ organisation, question }: { organisation: string; question: string }) {
  return (
    <Form action={`/knowledge/${organisation}`} className="flex flex-wrap items-end gap-2">
      <div className="min-w-56 flex-1">
        <KeptField
          label="Question or words"
          hideLabel
          name="q"
          type="search"
          required
          maxLength={500}
          placeholder="How many days of holiday do I have?"
          value={question}
        />
      </div>
      <Button type="submit" look="primary">
        Search
      </Button>
      {question && (
        <Button asChild>
          <Link href={`/knowledge/${organisation}`}>All documents</Link>
        </Button>
      )}
    </Form>
  );
}
