import { taskStatus } from '@reference/tasks';
import { z } from 'zod';

/** The filter of a task list, as its address and its actions carry it. */
export const taskFilterSchema = z.object({
  status: z.enum(taskStatus.enumValues).optional().catch(undefined),
  tagId: z.string().max(100).optional().catch(undefined),
  text: z.string().max(500).optional().catch(undefined),
});
export type TaskFilter = z.output<typeof taskFilterSchema>;

/** A list of one screen or so. */
export const tasksAtOnce = 25;
