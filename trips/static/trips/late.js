/** Signs that appear only when something lasts: “Not saved yet” after 400 ms, and gone at once. */

/** @import { ReadonlySignal } from "@preact/signals-core" */
import { effect, useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** @param {ReadonlySignal<boolean | number>} source @param {number} [ms] */
export function useLate(source, ms = 400) {
  const late = useSignal(false);
  useLayoutEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const stop = effect(() => {
      clearTimeout(timer);
      if (source.value) timer = setTimeout(() => (late.value = true), ms);
      else late.value = false;
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [source]);
  return late;
}
