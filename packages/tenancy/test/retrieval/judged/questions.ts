/** A question, and the files of the AI SDK's documentation that answer it, found by reading them. */
export interface JudgedQuestion {
  readonly question: string;
  readonly files: readonly string[];
}

export const judgedQuestions: readonly JudgedQuestion[] = [
  {
    question: 'Why do longer responses get chopped off after I deploy to Vercel?',
    files: ['09-troubleshooting/06-timeout-on-vercel.mdx'],
  },
  {
    question: 'How can a user cancel a response while it is still being generated?',
    files: ['06-advanced/02-stopping-streams.mdx', '04-ai-sdk-ui/02-chatbot.mdx'],
  },
  {
    question: 'onFinish is never called when the request is aborted',
    files: [
      '09-troubleshooting/14-stream-abort-handling.mdx',
      '06-advanced/02-stopping-streams.mdx',
    ],
  },
  {
    question: 'My process runs out of memory when I send many images to the model',
    files: ['09-troubleshooting/70-high-memory-usage-with-images.mdx'],
  },
  {
    question: 'How do I write unit tests without calling a real model?',
    files: ['03-ai-sdk-core/55-testing.mdx'],
  },
  {
    question: 'How do I ask the user for approval before a tool is executed?',
    files: [
      '04-ai-sdk-ui/03-chatbot-tool-usage.mdx',
      '03-ai-sdk-core/15-tools-and-tool-calling.mdx',
    ],
  },
  {
    question: 'Embedding many values: how many requests run in parallel?',
    files: ['03-ai-sdk-core/30-embeddings.mdx', '07-reference/01-ai-sdk-core/06-embed-many.mdx'],
  },
  {
    question: 'How do I compare how similar two embeddings are?',
    files: [
      '07-reference/01-ai-sdk-core/50-cosine-similarity.mdx',
      '03-ai-sdk-core/30-embeddings.mdx',
    ],
  },
  {
    question: 'Tokens arrive in big chunks from Azure, not word by word',
    files: [
      '09-troubleshooting/01-azure-stream-slow.mdx',
      '07-reference/01-ai-sdk-core/80-smooth-stream.mdx',
    ],
  },
  {
    question: 'Streaming stops working behind my reverse proxy',
    files: ['09-troubleshooting/06-streaming-not-working-when-proxied.mdx'],
  },
  {
    question: 'How can I limit how often one IP address calls my API route?',
    files: ['06-advanced/06-rate-limiting.mdx'],
  },
  {
    question: 'Where do I save chat messages so that a conversation survives a reload?',
    files: ['04-ai-sdk-ui/03-chatbot-message-persistence.mdx'],
  },
  {
    question: 'Reconnect to an ongoing generation after the page was reloaded',
    files: [
      '04-ai-sdk-ui/03-chatbot-resume-streams.mdx',
      '09-troubleshooting/15-abort-breaks-resumable-streams.mdx',
    ],
  },
  {
    question: 'Use one string id such as openai:gpt to choose among several providers',
    files: [
      '07-reference/01-ai-sdk-core/40-provider-registry.mdx',
      '03-ai-sdk-core/45-provider-management.mdx',
    ],
  },
  {
    question: 'Strip the <think> section out of a model answer',
    files: [
      '07-reference/01-ai-sdk-core/66-extract-reasoning-middleware.mdx',
      '03-ai-sdk-core/40-middleware.mdx',
    ],
  },
  {
    question: 'Reuse a stored answer when the same prompt comes again',
    files: ['06-advanced/04-caching.mdx', '03-ai-sdk-core/40-middleware.mdx'],
  },
  {
    question:
      'Drop old reasoning and tool calls from the messages before sending them to the model',
    files: ['07-reference/02-ai-sdk-ui/32-prune-messages.mdx'],
  },
  {
    question: 'Maximum update depth exceeded in React while streaming',
    files: ['09-troubleshooting/50-react-maximum-update-depth-exceeded.mdx'],
  },
  {
    question: 'The TypeScript server gets very slow with zod schemas',
    files: ['09-troubleshooting/12-typescript-performance-zod.mdx'],
  },
  {
    question: 'Connect to a local MCP server over standard input and output',
    files: [
      '07-reference/01-ai-sdk-core/24-mcp-stdio-transport.mdx',
      '03-ai-sdk-core/16-mcp-tools.mdx',
    ],
  },
  {
    question: 'Turn an audio recording into text',
    files: ['03-ai-sdk-core/36-transcription.mdx', '07-reference/01-ai-sdk-core/11-transcribe.mdx'],
  },
  {
    question: 'Choose size and aspect ratio of a generated picture',
    files: [
      '03-ai-sdk-core/35-image-generation.mdx',
      '07-reference/01-ai-sdk-core/10-generate-image.mdx',
    ],
  },
  {
    question: 'Reorder search results by relevance to a query',
    files: ['03-ai-sdk-core/31-reranking.mdx', '07-reference/01-ai-sdk-core/06-rerank.mdx'],
  },
  {
    question: 'When does an agent stop looping, and how do I set a maximum number of steps?',
    files: ['03-agents/04-loop-control.mdx', '07-reference/01-ai-sdk-core/70-step-count-is.mdx'],
  },
  {
    question: 'Record traces of model calls with OpenTelemetry',
    files: ['03-ai-sdk-core/60-telemetry.mdx'],
  },
  {
    question: 'Attach token usage and model name to each chat message',
    files: ['04-ai-sdk-ui/25-message-metadata.mdx'],
  },
  {
    question: 'The body values sent by useChat are stale',
    files: ['09-troubleshooting/17-use-chat-stale-body-data.mdx'],
  },
  {
    question: 'Assistant messages appear twice in the chat',
    files: ['09-troubleshooting/13-repeated-assistant-messages.mdx'],
  },
  {
    question: 'Let a main agent hand a large task to another agent with its own context',
    files: ['03-agents/06-subagents.mdx'],
  },
  {
    question: 'Convert messages stored by version 4 to the new format when upgrading',
    files: ['08-migration-guides/25-migration-guide-5-0-data.mdx'],
  },
];
