import { useSyncExternalStore } from 'react';

/** Wide enough for the details beside the messages (DESIGN §7.1). */
const kQuery = '(min-width: 1280px)';

function subscribe(changed: () => void): () => void {
  const media = window.matchMedia(kQuery);
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}

export const useWide = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(kQuery).matches);
