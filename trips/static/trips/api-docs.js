// The page /api/docs/: Swagger UI over our schema, which sends what is tried there as whoever is signed in.

const root = document.documentElement;
const place = /** @type {HTMLElement} */ (document.getElementById("swagger-ui"));
const system = matchMedia("(prefers-color-scheme: dark)");

/** Swagger UI's own dark colours, where ours are dark. */
function followTheme() {
  root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
}

const LABELS = {
  ".information-container": "About the API",
  ".scheme-container": "Sign-in",
  "textarea.body-param__text": "Request body",
};
const LEVELS = { "h3.opblock-tag": 2, ".opblock h4": 3, ".opblock h5": 4 };

/** Names and heading levels, which what it draws lacks. */
function fitIn() {
  for (const [selector, label] of Object.entries(LABELS)) {
    for (const part of place.querySelectorAll(selector)) {
      part.setAttribute("aria-label", label);
      if (!part.matches("textarea")) part.setAttribute("role", "region");
    }
  }
  for (const [selector, level] of Object.entries(LEVELS)) {
    for (const heading of place.querySelectorAll(selector)) heading.setAttribute("aria-level", String(level));
  }
}

followTheme();
system.addEventListener("change", followTheme);
new MutationObserver(followTheme).observe(root, { attributeFilter: ["data-theme"] });
new MutationObserver(fitIn).observe(place, { childList: true, subtree: true });

/** @type {any} */ (window).SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null, // nothing leaves this host
  /** @param {{method?: string, headers: Record<string, string>}} request */
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = place.dataset.csrf ?? "";
    return request;
  },
});
