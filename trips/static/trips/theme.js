// The theme button without a reload: system → light → dark. Without this file its form does the same (pages.theme).

const root = document.documentElement;
const YEAR = 31_536_000;

/** @param {string | undefined} theme what is set now; undefined follows the system */
export const after = (theme) => (theme === undefined ? "light" : theme === "light" ? "dark" : undefined);

/** @param {string | undefined} theme */
export function show(theme) {
  root.classList.add("still"); // no transition runs when the theme changes
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme ?? ""}; path=/; samesite=lax; max-age=${theme ? YEAR : 0}`;
  getComputedStyle(root).color; // applied now, while nothing may move
  root.classList.remove("still");
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches(".theme")) return;
  event.preventDefault();
  show(after(root.dataset.theme));
});
