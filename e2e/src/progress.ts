import type { WriteStream } from "node:tty";
import ora from "ora";
import type { Report } from "./host.ts";

/** Does `work`, and shows that it's under way, for how long, and what it says meanwhile. */
export type Step = <T>(title: string, work: (report: Report) => Promise<T>) => Promise<T>;

const lineEveryMs = 10_000;

/** Steps on a terminal, where the last line of each shows, or into a pipe, where one shows every 10 s. `now` in milliseconds. */
export function createSteps(stream: WriteStream, now: () => number): Step {
  // A terminal whose width nobody has set is 0 columns wide, and a spinner would wrap its line into it for ever.
  const live = stream.isTTY && stream.columns > 0;
  const start = live ? spin : print;
  return async (title, work) => {
    const begin = now();
    const told = () => `${title} (${Math.round((now() - begin) / 1000)} s)`;
    const shown = start(stream, title);
    let lastLine = begin;
    const report: Report = (line) => {
      if (!live && now() - lastLine < lineEveryMs) return;
      lastLine = now();
      shown.report(`${told()}: ${line.trim().slice(0, 100)}`);
    };
    try {
      const done = await work(report);
      shown.succeed(told());
      return done;
    } catch (error) {
      shown.fail(told());
      throw error;
    }
  };
}

/** How one step shows. */
interface Shown {
  readonly report: (line: string) => void;
  readonly succeed: (line: string) => void;
  readonly fail: (line: string) => void;
}

function spin(stream: WriteStream, title: string): Shown {
  const spinner = ora({ text: title, stream }).start();
  return {
    report(line) {
      spinner.text = line;
    },
    succeed: (line) => spinner.succeed(line),
    fail: (line) => spinner.fail(line),
  };
}

function print(stream: WriteStream): Shown {
  const write = (mark: string) => (line: string) => void stream.write(`${mark} ${line}\n`);
  return { report: write(" "), succeed: write("✔"), fail: write("✖") };
}
