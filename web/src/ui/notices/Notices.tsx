/** What is told from anywhere: toasts, the banner, and the two live regions of a screen reader. Once in the document. */
export function Notices() {
  return null;
}
