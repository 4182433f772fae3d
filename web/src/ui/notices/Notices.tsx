// What is told from anywhere: toasts, and the two live regions of a screen reader. Once in the document.
import { useAnnouncers } from './announcers.ts';
import { Toasts } from './Toasts.tsx';

export function Notices() {
  useAnnouncers();
  return <Toasts />;
}
