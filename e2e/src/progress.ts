import type { WriteStream } from "node:tty";
import ora from "ora";
import type { Report } from "./host.ts";

/** Does `work`, and shows that it's under way, for how long, and what it says meanwhile. */
export type Step = <T>(title: string, work: (report: Report) => Promise<T>) => Promise<T>;

const lineEveryMs = 10_000;

/** Steps on a terminal, where the last line of each shows, or into a pipe, where one shows every 10 s. `now` in milliseconds. */
export function createSteps(stream: WriteStream, now: () => number): Step {
  return async (title, work) => {
    const begin = now();
    const seconds = () => `${Math.round((now() - begin) / 1000)} s`;
    const spinner = ora({ text: title, stream }).start();
    let lastLine = begin;
    const report: Report = (line) => {
      if (stream.isTTY) spinner.text = `${title} (${seconds()}) ${line.trim().slice(0, 100)}`;
      else if (now() - lastLine >= lineEveryMs) {
        lastLine = now();
        stream.write(`  ${title} (${seconds()}): ${line.trim()}\n`);
      }
    };
    try {
      const done = await work(report);
      spinner.succeed(`${title} (${seconds()})`);
      return done;
    } catch (error) {
      spinner.fail(`${title} (${seconds()})`);
      throw error;
    }
  };
}
