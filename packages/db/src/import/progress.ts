import { Presets, SingleBar } from 'cli-progress';
import type { ImportProgress } from './import-folder.ts';

const labels = { read: 'Reading', store: 'Storing' } as const;

/** Shows an import's progress: a bar on a terminal, elsewhere a plain line per quarter of a step. */
export function showProgress(stream: NodeJS.WriteStream): {
  show: (progress: ImportProgress) => void;
  stop: () => void;
} {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream) {
  let step: ImportProgress['step'] | undefined;
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    show: (progress: ImportProgress) => {
      if (progress.step !== step) {
        stop();
        step = progress.step;
        bar = new SingleBar(
          { stream, format: `${labels[step]} {bar} {percentage}% | {value}/{total}` },
          Presets.shades_classic,
        );
        bar.start(progress.total, 0);
      }
      bar?.update(progress.done);
    },
    stop,
  };
}

function lines(stream: NodeJS.WriteStream) {
  let last = '';
  return {
    show: ({ step, done, total }: ImportProgress) => {
      const quarter = `${step} ${Math.floor((4 * done) / total)}`;
      if (quarter === last || done * 4 < total) return;
      last = quarter;
      stream.write(`${labels[step]}: ${done} of ${total}\n`);
    },
    stop: () => {},
  };
}
