import { InvalidArgumentError, Option } from "commander";

/** Makes options that can be given by an environment variable too: the prefix, `_` and the option's name. */
export function optionsOf(prefix: string): (flags: string, description: string) => Option {
  return (flags, description) => {
    const made = new Option(flags, description);
    return made.env(`${prefix}_${made.name().replaceAll("-", "_").toUpperCase()}`);
  };
}

/** A parser of whole numbers from `least` to `most`; for all else commander's error, with `advice`. */
export function wholeNumber(least: number, most: number, advice: string): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(advice);
    return value;
  };
}

/** Makes it a boolean as Go's flags have it: `--flag`, `--flag=true` and `--flag=false`, and the same two words by its variable. */
export function asBoolean(option: Option, byDefault: boolean): Option {
  return option
    .argParser((text) => {
      if (text !== "true" && text !== "false") throw new InvalidArgumentError("Give true or false.");
      return text === "true";
    })
    .preset("true")
    .default(byDefault);
}

/** A parser of ports, of which 0 stands for any free one. */
export const portNumber = wholeNumber(0, 65_535, "Give a port, or 0 for any.");
