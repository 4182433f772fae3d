// The toasts: the newest three. How long one stays is for the screen to say, because a toast that somebody reads stays.
import type { Toast } from './model.ts';

export const kMostToasts = 3;

/** What would say the same again replaces what is there. */
function about(toast: Toast): string {
  if (toast.kind === 'message') return `${toast.kind} ${toast.conversationId} ${toast.text}`;
  if (toast.kind === 'missed-call') return `${toast.kind} ${toast.id}`;
  if (toast.kind === 'notifications-offer') return toast.kind;
  return `${toast.kind} ${toast.text}`;
}

export function withToast(toasts: readonly Toast[], toast: Toast): readonly Toast[] {
  return [...toasts.filter((each) => about(each) !== about(toast)), toast].slice(-kMostToasts);
}

export function withoutToast(toasts: readonly Toast[], id: string): readonly Toast[] {
  return toasts.some((each) => each.id === id) ? toasts.filter((each) => each.id !== id) : toasts;
}
