import type { NewAiUsageLog, NewUserAiSetting, NewUserProviderSetting } from '../schema/index.ts';
import { after, seedId } from './fixed.ts';
import { userId } from './people.ts';
import { pageId } from './workspace.ts';

export const userAiSettings: NewUserAiSetting[] = [
  {
    id: seedId('ai settings ada'),
    userId: userId('ada'),
    selectedProvider: 'anthropic',
    selectedModel: 'claude-sonnet',
  },
];

/** Without keys, because a sealed one needs its database's keyring. */
export const userProviderSettings: NewUserProviderSetting[] = [
  {
    id: seedId('provider ada openrouter'),
    userId: userId('ada'),
    provider: 'openrouter',
    baseUrl: 'https://ai-gateway.example.com/v1',
  },
];

/** Two weeks of Ada's requests to two models; every seventh failed. */
export const aiUsageLogs: NewAiUsageLog[] = Array.from({ length: 42 }, (_, n) => {
  const success = n % 7 !== 6;
  return {
    id: seedId(`ai usage ${n}`),
    userId: userId('ada'),
    pageId: n % 2 === 0 ? pageId('product', 'Assistant') : null,
    provider: 'anthropic',
    model: n % 3 === 0 ? 'claude-opus' : 'claude-sonnet',
    inputTokens: 800 + 37 * n,
    outputTokens: success ? 120 + 11 * n : 0,
    costMicros: success ? 4200 + 276 * n : 0,
    durationMs: success ? 900 + 45 * n : 30_000,
    success,
    error: success ? null : 'The provider did not answer in time.',
    createdAt: after(14 + Math.floor(n / 3), 60 * (n % 3)),
    updatedAt: after(14 + Math.floor(n / 3), 60 * (n % 3)),
  };
});
