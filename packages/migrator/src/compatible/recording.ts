/** The variable that names the folder into which a run's processes write their statements. */
export const RECORDING = 'MIGRATOR_RECORDING';

/** The channel of `node:diagnostics_channel` on which @reference/kit publishes each statement. */
export const STATEMENTS = '@reference/kit:statement';
