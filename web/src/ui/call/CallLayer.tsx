/** Calls, on every page of who is signed in: the incoming dialog, the stage at /call/:id, the mini call elsewhere. */
export function CallLayer() {
  return null;
}
