/**
 * The page's clock, so that a test can have one of its own.
 * @typedef {{now: () => number, setTimeout: (work: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
