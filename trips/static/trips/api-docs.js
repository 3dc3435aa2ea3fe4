// The page /api/docs/: Swagger UI over our schema, which sends what is tried there as whoever is signed in.

const place = /** @type {HTMLElement} */ (document.getElementById("swagger-ui"));

/** @type {any} */ (window).SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  // Nothing leaves this host: no validator's badge.
  validatorUrl: null,
  /** @param {{method: string, headers: Record<string, string>}} request */
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = place.dataset.csrf ?? "";
    return request;
  },
});
