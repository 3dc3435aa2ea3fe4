/**
 * Where the keyboard is. Focus never moves because of somebody else; if what I stand on is removed, it goes to a
 * neighbour, and if it was drawn anew elsewhere, it follows.
 *
 * A card is an element with `data-key` (`<kind>:<id>`); `data-part` names a control of it.
 */

const FOCUSABLE = "button, input, textarea, select, a[href]";

/** @param {string} key @param {ParentNode} [root] @returns {HTMLElement | null} */
const cardOf = (key, root = document) => root.querySelector(`[data-key="${CSS.escape(key)}"]`);

/**
 * Focus a control of a card once it is drawn.
 * @param {string} key
 * @param {string} [part] the name of the control; the first one if it is not there
 */
export function focusOn(key, part = "open") {
  requestAnimationFrame(() => focusNow(key, part));
}

/** @param {string} key @param {string} part */
function focusNow(key, part) {
  const card = cardOf(key);
  const control = card?.querySelector(`[data-part="${part}"]`) ?? card?.querySelector(FOCUSABLE);
  if (!(control instanceof HTMLElement)) return false;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/**
 * @param {HTMLElement} root
 * @param {{look: (key: string | null) => void, say: (text: string) => void}} tell `look`: the card I am at
 * @returns {() => void} ends it
 */
export function watchFocus(root, { look, say }) {
  /** @type {ReturnType<typeof standAt> | null} */
  let stand = null;
  const arrive = (/** @type {FocusEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (target.closest("[data-key]"));
    stand = card && standAt(target, card);
    look(stand?.key ?? null);
  };
  // An element that is taken away loses the focus too: only later it shows which of the two it was.
  const leave = (/** @type {FocusEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.relatedTarget) return;
    setTimeout(() => {
      if (!target.isConnected || document.activeElement !== document.body) return;
      stand = null;
      look(null);
    });
  };
  const observer = new MutationObserver(() => {
    // On its way from one element to the next, the focus is nowhere too.
    if (!stand || stand.element.isConnected || document.activeElement !== document.body) return;
    const { key, part, order, list, around } = stand;
    if (focusNow(key, part) || !around?.isConnected) return;
    const next = order.find((other) => list?.isConnected && cardOf(other, list));
    if (next) focusNow(next, "open");
    else /** @type {HTMLElement | null} */ (around.querySelector(FOCUSABLE))?.focus();
    say("What you were at is gone from here.");
  });
  root.addEventListener("focusin", arrive);
  root.addEventListener("focusout", leave);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    root.removeEventListener("focusin", arrive);
    root.removeEventListener("focusout", leave);
  };
}

/** @param {HTMLElement} element that has the focus @param {HTMLElement} card it is in */
const standAt = (element, card) => ({
  element,
  key: keyOf(card),
  part: element.dataset.part ?? "open",
  order: neighbours(card),
  list: card.parentElement,
  around: card.parentElement?.parentElement,
});

/** @param {Element} card */
const keyOf = (card) => /** @type {HTMLElement} */ (card).dataset.key ?? "";

/** The other cards of its list, the nearest first: those below, then those above. @param {HTMLElement} card */
function neighbours(card) {
  const all = [...(card.parentElement?.querySelectorAll(":scope > [data-key]") ?? [])].map(keyOf);
  const at = all.indexOf(keyOf(card));
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()];
}
