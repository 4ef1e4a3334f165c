import { mapConstraints, parseInput } from '@reference/kit';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type AiProvider,
  insertUserAiSettingSchema,
  type UserAiSetting,
  userAiSettings,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { onlyRow } from '../rows.ts';

const shown = {
  selectedProvider: userAiSettings.selectedProvider,
  selectedModel: userAiSettings.selectedModel,
};
/** The model that a person uses; null is the provider's usual one. */
export type AiSelection = Pick<UserAiSetting, keyof typeof shown>;

/** @returns the user's choice, else the workspace's own provider */
export async function getAiSettings(db: Db, { userId }: { userId: string }): Promise<AiSelection> {
  const [found] = await db
    .select(shown)
    .from(userAiSettings)
    .where(eq(userAiSettings.userId, userId))
    .limit(1);
  return found ?? { selectedProvider: 'pagespace', selectedModel: null };
}

const selectionSchema = insertUserAiSettingSchema
  .pick({ selectedModel: true })
  .extend({ selectedProvider: z.enum(userAiSettings.selectedProvider.enumValues) });

/**
 * Chooses provider and model.
 *
 * @param params.selectedModel without it, the provider's usual one
 * @throws InvalidInputError for an unknown provider
 * @throws NotFoundError when there is no such user
 */
export async function upsertAiSettings(
  db: Db,
  params: { userId: string; selectedProvider: AiProvider; selectedModel?: string | null },
): Promise<AiSelection> {
  const { selectedProvider, selectedModel = null } = parseInput(selectionSchema, params);
  const values = { selectedProvider, selectedModel };
  const rows = await mapConstraints(
    db
      .insert(userAiSettings)
      .values({ userId: params.userId, ...values })
      .onConflictDoUpdate({ target: userAiSettings.userId, set: values })
      .returning(shown),
    { user_ai_settings_userId_fkey: noSuchUser },
  );
  return onlyRow(rows);
}
