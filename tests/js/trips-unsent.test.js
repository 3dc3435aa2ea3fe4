/** What waits on this device, told on the pages around the trips. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Window } from "happy-dom";

import { createStore } from "#realtime/store.js";
import { write } from "#realtime/kept.js";

import { paris } from "./paris.js";

/** @param {unknown} result @returns {any} */
function answering(result) {
  const request = /** @type {any} */ ({ result });
  queueMicrotask(() => (result instanceof Error ? request.onerror?.() : request.onsuccess?.()));
  return Object.assign(request, result instanceof Error && { error: result });
}

/** As much of IndexedDB as is read here. @param {Record<string, string>} notes */
function storageWith(notes) {
  const store = { getAll: () => answering(Object.values(notes)), getAllKeys: () => answering(Object.keys(notes)) };
  return { open: () => answering({ transaction: () => ({ objectStore: () => store }) }) };
}

let pages = 0;

/** A page around the trips. @param {object} indexedDB @param {string} leaving */
async function open(indexedDB, leaving = "") {
  const window = new Window({ url: "https://trips.example.org/" });
  const { document } = window;
  document.body.innerHTML = `<div id="unsent" data-user="alice" data-trip="/trips/-/" ${leaving} hidden></div><div class="trips"></div>`;
  Object.assign(document, { execCommand: () => false });
  Object.assign(globalThis, { window, document, indexedDB });
  await import(`#trips/unsent.js?${++pages}`);
  return document;
}

function bookedInParis() {
  const store = createStore({ me: "alice" });
  store.load(paris());
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  return write(store.kept());
}

test("a note that cannot be read does not hide the others", async () => {
  const document = await open(storageWith({ "1/alice/t/a": "{", "1/alice/t/b": bookedInParis(), "1/alice/t/c": '{"v":1}' }));
  assert.match(document.body.textContent, /“Paris” is not shared with you any more.*Book/);
});

test("who signs out is told when this browser does not say what waits", async () => {
  const broken = { open: () => answering(new Error("no")) };
  assert.match((await open(broken, "data-leaving")).body.textContent, /does not say/);
  assert.equal((await open(broken)).body.textContent.trim(), "");
});

test("a browser that does not let the page copy says what to do instead", async () => {
  const document = await open(storageWith({ "1/alice/t/b": bookedInParis() }));
  const copy = [...document.querySelectorAll("button")].find((each) => each.textContent === "Copy it");
  copy?.click();
  await new Promise((done) => setTimeout(done));
  assert.match(document.body.textContent, /Mark the text and copy it/);
});
