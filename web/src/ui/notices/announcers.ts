// The two live regions (DESIGN §12). They are always in the document, and in the modal dialog on top while there is one, because a region in
// inert content is silent. They are made by hand: React must not move or empty them. What is said is written by app/announcer.ts.
import { useLayoutEffect } from 'react';
import { topModal, watchModals } from '../parts/modal.ts';

const kRoles = { polite: 'status', assertive: 'alert' } as const;

export function makeRegions(): readonly HTMLElement[] {
  return (['polite', 'assertive'] as const).map((how) => {
    const region = document.createElement('div');
    region.dataset['announcer'] = how;
    region.setAttribute('role', kRoles[how]);
    region.className = 'visually-hidden';
    return region;
  });
}

/** Also called when a dialog goes: React takes it out of the document with all that is in it. */
export function placeRegions(regions: readonly HTMLElement[]): void {
  const home = topModal() ?? document.body;
  for (const region of regions) if (region.parentNode !== home) home.append(region);
}

export function useAnnouncers(): void {
  useLayoutEffect(() => {
    const regions = makeRegions();
    placeRegions(regions);
    const stop = watchModals(() => placeRegions(regions));
    return () => {
      stop();
      for (const region of regions) region.remove();
    };
  }, []);
}
