import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** So that what one contestant leaves behind is not collected at the cost of the next. */
export const collectGarbage: (options: { type: 'minor' | 'major' }) => void = runInNewContext('gc');
