// One `<video>`. It is always silent: voices have elements of their own (Voices.tsx), so that who is hidden still speaks.
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { cx } from '../parts/cx.ts';
import { mayCover } from './layout.ts';
import css from './Picture.module.css';

export interface PictureProps {
  readonly stream: MediaStream | null;
  readonly kind: 'camera' | 'screen';
  /** Whose; `self` for mine. */
  readonly user: string;
  /** `fill`: cut it; `whole`: never; `auto`: cut it unless much would be lost. */
  readonly fit?: 'fill' | 'whole' | 'auto' | undefined;
  readonly mirrored?: boolean | undefined;
  readonly dimmed?: boolean | undefined;
  readonly className?: string | undefined;
  readonly ref?: RefObject<HTMLVideoElement | null> | undefined;
}

export function Picture({ stream, kind, user, fit = 'fill', mirrored, dimmed, className, ref }: PictureProps) {
  const own = useRef<HTMLVideoElement>(null);
  const video = ref ?? own;
  const [whole, setWhole] = useState(false);

  useLayoutEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = stream;
    return () => { element.srcObject = null; };
  }, [stream, video]);

  const judge = () => {
    const element = video.current;
    if (element && fit === 'auto')
      setWhole(!mayCover({ width: element.videoWidth, height: element.videoHeight }, { width: element.clientWidth, height: element.clientHeight }));
  };
  const whose = user === 'self' ? { 'data-self': 'true' } : { 'data-user': user };
  return (
    <video ref={video} {...whose} data-kind={kind} autoPlay playsInline muted onResize={judge} onLoadedMetadata={judge}
      className={cx(css['picture'], (fit === 'whole' || (fit === 'auto' && whole)) && css['whole'], mirrored && css['mirrored'], dimmed && css['dimmed'], className)} />
  );
}
