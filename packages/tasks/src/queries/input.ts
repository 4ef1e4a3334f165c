// The checks of callers' input are kit's; see @reference/kit.
export { type PageRequest, parseInput, parseLimit } from '@reference/kit';
