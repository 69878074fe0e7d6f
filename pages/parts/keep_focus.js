// Keeps the keyboard in the dialog that this stands in: a button whose file is being made is switched off, and its
// focus falls out of the dialog, so that Escape would not close it.
export default function ({ parentElement }) {
  const dialog = (parentElement.getRootNode().host ?? parentElement).closest("[role=dialog]");
  if (!dialog || dialog.dataset.keepsFocus) return;
  dialog.dataset.keepsFocus = "true";
  let last = dialog;
  dialog.addEventListener("focusin", ({ target }) => { last = target; });
  const watch = setInterval(() => {
    if (!dialog.isConnected) clearInterval(watch);
    else if (document.activeElement === document.body) (last.isConnected ? last : dialog).focus();
  }, 100);
}
