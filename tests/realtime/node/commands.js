/** What the test says, a JSON array a line: the name of a method and its arguments. */
import { createInterface } from "node:readline";

/** @param {() => Record<string, (...given: any[]) => unknown>} target asked anew each time */
export function obey(target) {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [name, ...given] = JSON.parse(line);
    target()[name]?.(...given);
  });
}

/** @param {unknown} what */
export const tell = (what) => void process.stdout.write(`${JSON.stringify(what)}\n`);
