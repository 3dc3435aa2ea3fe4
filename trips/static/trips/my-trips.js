// “New trip” as a modal dialog: focus stays in it, and Esc closes it. Without this file it opens as a popover.

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("new-trip"));

for (const button of document.querySelectorAll("[popovertarget=new-trip]")) {
  button.removeAttribute("popovertarget");
  button.addEventListener("click", () => (dialog.contains(button) ? dialog.close() : dialog.showModal()));
}
dialog.removeAttribute("popover");
dialog.setAttribute("closedby", "any"); // also by the dimmed page around it
