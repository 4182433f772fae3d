/** The dialog `Check your devices`. Mounted means open. */
export function DeviceCheck({ onClose }: { readonly onClose: () => void }) {
  return <dialog onClose={onClose} />;
}
