/** One habit that makes a sentence hard to read, and how to find it in the text of a sentence. */
export type StyleRule = {
  name: string;
  /** Says what to write instead. */
  advice: string;
  /** Matches in a sentence whose inline code is masked; the match is the place that is reported. */
  pattern: RegExp;
  bad: readonly string[];
  good: readonly string[];
  /** A heading names a topic and may be a clause. */
  sparesHeadings?: boolean;
  /** The pattern for code, where a tag's item and a clause after a colon may stand for a value. */
  inCode?: RegExp;
};

/** Paraphrases of the field's terms, each with the term. A pattern is matched whatever its case. */
const terms: readonly (readonly [pattern: string, term: string])[] = [
  ['ways? back', 'down migration'],
  ['pass(?:es|ed)? by (?:its|the|a) polic', 'bypass'],
  ['nothing of (?:these|those|them|it|this)', 'none of these'],
  ['(?:the|its) dearest', 'most expensive'],
  ['(?:is|are) to be had', 'available'],
  ['has no words? for', 'cannot express'],
  ['alone does not do\\b', 'is not enough'],
  ['come[s]? (?:up|out) short', 'returns too few'],
  ['(?:blindly )?over what is there', 'replaces existing rows'],
  ['for what is none', 'if there is none'],
  ['by which (?:it|they) (?:is|are) found', 'the conflict column'],
  ['must bear (?:that|it)', 'must be idempotent'],
  ['of no one (?:user|tenant)', 'not scoped to a user'],
  ['takes the right to', 'needs the right'],
  ['what was left of (?:it|them)', 'the interrupted part'],
  ['has part in', 'is a member of'],
  ["(?:not|none)(?: one)? of the table's", 'does not belong to the table'],
  ['written anew|write[s]? [^.;]{1,40} anew|made anew|made? [^.;]{1,40} anew', 'again'],
  ['(?:is|are|be) told (?:of|by)\\b', 'receives, is notified'],
];

export const houseStyle: readonly StyleRule[] = [
  {
    name: 'relative-clause-as-subject',
    advice: 'Name the actor or the thing first; do not begin with "who" or "what".',
    sparesHeadings: true,
    inCode: /(?:^(?:Who|Whoever|Whom|Whose|What)|; (?:who|whoever|what))\b(?! (?:if|about)\b)/,
    pattern: /(?:^|[;:–] )(?:who|whoever|what)\b(?! (?:if|about)\b)(?=[^?]+$)/i,
    bad: [
      'Who gets a page for the first time is told PAGE_SHARED.',
      'What drizzle-kit does not write is added by hand.',
      'Nobody asks; whoever writes last wins.',
    ],
    good: [
      'A first share sends PAGE_SHARED.',
      'Add by hand the statements that drizzle-kit does not write.',
      'What does it promise?',
      'The error says what to do.',
    ],
  },
  {
    name: 'opens-with-of',
    advice: 'Start with the subject, not with "of".',
    pattern: /(?:^Of (?!course\b))|[;:,] of (?:two|several|those|these|any number|one user)\b/,
    bad: [
      'Of no one user are these functions.',
      'Of the 51, 40 need several sessions.',
      'The row is locked: of two workers one waits.',
    ],
    good: [
      'These functions are not scoped to a user.',
      '40 of the 51 need several sessions.',
      'Of course it fails.',
      'It returns a list of two workers.',
    ],
  },
  {
    name: 'inverted-sentence',
    advice: 'Put the subject before the verb; begin a condition with "if".',
    pattern:
      /^(?:(?:Comes?|Is|Are|Has|Were|Had|Fails|Needs) (?:the|an?|it|they|this|that|one|there)\b(?=[^?]*,[^?]*$)|In \w+ (?:nobody|nothing|no one)\b|Nor (?:is|are|does|do)\b)/,
    bad: [
      'Comes the index up short, an exact search follows.',
      'Is the row locked, the call waits.',
      'In steps nobody is stopped.',
    ],
    good: [
      'If the index returns too few rows, we run an exact search.',
      'Is the row locked, or free?',
      'Done in steps, the change blocks nobody.',
    ],
  },
  ...terms.map(([pattern, term]) => ({
    name: `standard-term`,
    advice: `Use the standard term: ${term}.`,
    pattern: new RegExp(`\\b(?:${pattern})`, 'i'),
    bad: [],
    good: [],
  })),
];

/** The examples of `standard-term`, which has one pattern for each term. */
export const termExamples = {
  bad: [
    'The file is its way back.',
    'The owner passes by its policies.',
    'The index does nothing of these.',
    'It was the dearest part of a list.',
    'No package is to be had.',
    'Drizzle has no word for partitions.',
    'A replica alone does not do.',
    'The index comes up short.',
    'COPY, blindly over what is there, takes as long.',
    'An invalid Date for what is none.',
    'Row 3 lacks id, by which it is found.',
    'The worker must bear that.',
    'They are of no one user.',
    'Making a page takes the right to edit.',
    'It clears what was left of it.',
    'The list shows everyone who has part in a drive.',
    "A field is not one of the table's.",
    'The statistics are written anew.',
    'The person is told of the share.',
  ],
  good: [
    'The file is its down migration.',
    'The owner bypasses its policies.',
    'The index does none of these.',
    'To create a page, the caller needs edit rights.',
    'The user is told to sign in.',
  ],
};
