// Picture-in-picture: a small window of our own with picture, mute and hang up where the browser has one, else the video element's.
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { canFloatVideo, pictureWindows } from './capabilities.ts';

export interface Floating {
  readonly can: boolean;
  toggle(): void;
}

/** The page's styles and theme, for a document that has none. */
function dress(target: Document): void {
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) target.head.append(sheet.cloneNode(true));
  for (const name of ['lang', 'data-theme']) target.documentElement.setAttribute(name, document.documentElement.getAttribute(name) ?? '');
  target.title = document.title;
}

/** `region` holds the pictures; `content` is shown in the window. The portal has to be rendered by the caller. */
export function useFloating(region: RefObject<HTMLElement | null>, pictured: boolean, content: ReactNode): Floating & { readonly portal: ReactNode } {
  const [host, setHost] = useState<HTMLElement | null>(null);
  const opened = useRef<Window | null>(null);
  const windows = pictureWindows();

  const openWindow = useCallback(async () => {
    const made = await pictureWindows()?.requestWindow({ width: 320, height: 240 });
    if (!made) return;
    opened.current = made;
    dress(made.document);
    made.addEventListener('pagehide', () => {
      opened.current = null;
      setHost(null);
    });
    setHost(made.document.body);
  }, []);
  useEffect(() => () => opened.current?.close(), []);

  const toggle = useCallback(() => {
    if (opened.current) {
      opened.current.close();
    } else if (pictureWindows()) {
      openWindow().catch(() => undefined);
    } else if (document.pictureInPictureElement) {
      document.exitPictureInPicture().catch(() => undefined);
    } else {
      region.current?.querySelector<HTMLVideoElement>('video[data-user]')?.requestPictureInPicture().catch(() => undefined);
    }
  }, [openWindow, region]);
  return { can: windows !== null || (canFloatVideo() && pictured), toggle, portal: host && createPortal(content, host) };
}
