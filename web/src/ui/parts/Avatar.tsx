// A face: the picture, or two letters on one of eight tints. The letters stand until the picture is there, and stay if it is broken. The name
// always stands beside it, so the avatar is hidden from screen readers.
import { useState } from 'react';
import type { Presence } from '../../state/model.ts';
import { cx } from './cx.ts';
import { hasPicture, initialsOf, tintOf } from './faces.ts';
import { Ring, type RingSize } from './Ring.tsx';
import css from './Avatar.module.css';

export type AvatarSize = RingSize;

export interface AvatarProps {
  /** A user's or conversation's id: it chooses the tint. */
  readonly id: string;
  readonly name: string;
  readonly src?: string | null | undefined;
  readonly size: AvatarSize;
  /** Draws the dot of §5. */
  readonly presence?: Presence | undefined;
  readonly className?: string | undefined;
}

export function Avatar({ id, name, src, size, presence, className }: AvatarProps) {
  if (presence) {
    return <Ring state={presence === 'offline' ? 'idle' : presence} size={size} className={className}><Face id={id} name={name} src={src} size={size} /></Ring>;
  }
  return <Face id={id} name={name} src={src} size={size} className={className} />;
}

function Face({ id, name, src, size, className }: Omit<AvatarProps, 'presence'>) {
  const [shown, setShown] = useState<{ src: string; as: 'image' | 'broken' } | null>(null);
  const picture = hasPicture(src) && !(shown?.src === src && shown.as === 'broken') ? src : null;
  return (
    <span className={cx(css['face'], className)} data-tint={tintOf(id)} data-letters={initialsOf(name)} aria-hidden="true"
      style={{ '--face-size': `${size}px` }}>
      {picture && (
        <img src={picture} alt="" width={size} height={size} decoding="async" draggable={false}
          data-loaded={shown?.src === picture || undefined}
          onLoad={() => setShown({ src: picture, as: 'image' })} onError={() => setShown({ src: picture, as: 'broken' })} />
      )}
    </span>
  );
}

export interface GroupAvatarProps {
  readonly id: string;
  readonly title: string;
  readonly src?: string | null | undefined;
  /** Two of its members, overlapped; with fewer the title's letters stand alone. */
  readonly members?: readonly { readonly id: string; readonly name: string; readonly avatar?: string | null }[] | undefined;
  readonly size: AvatarSize;
  readonly className?: string | undefined;
}

export function GroupAvatar({ id, title, src, members = [], size, className }: GroupAvatarProps) {
  const [first, second] = members;
  if (src || !first || !second) return <Face id={id} name={title} src={src} size={size} className={className} />;
  const small = { 24: 24, 32: 24, 40: 24, 64: 40, 96: 64, 128: 96, 160: 96 } as const;
  return (
    <span className={cx(css['group'], className)} aria-hidden="true" style={{ '--face-size': `${size}px` }}>
      <Face id={first.id} name={first.name} src={first.avatar} size={small[size]} />
      <Face id={second.id} name={second.name} src={second.avatar} size={small[size]} />
    </span>
  );
}
