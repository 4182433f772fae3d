// Somebody's screen, whole or at its own size.
import { Scan, ZoomIn } from 'lucide-react';
import { useState } from 'react';
import type { UserId } from '../../state/model.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { callWords } from '../words/call.en.ts';
import { useName } from './names.ts';
import { Picture } from './Picture.tsx';
import { useStream } from './useStream.ts';
import css from './Stage.module.css';

export function SharedScreen({ user, frozen }: { readonly user: UserId; readonly frozen: boolean }) {
  const stream = useStream((streams) => streams.remote(user, 'screen'));
  const name = useName(user);
  const [actual, setActual] = useState(false);
  return (
    <div className={css['shared']}>
      <div className={cx(css['scroller'], actual && css['actual'])} role="group" aria-label={callWords.sharedScreen(name)} tabIndex={actual ? 0 : undefined}>
        <Picture stream={stream} user={user} kind="screen" fit="whole" dimmed={frozen} className={cx(actual && css['ownSize'])} />
      </div>
      <IconButton label={actual ? callWords.fit : callWords.actualSize} icon={actual ? Scan : ZoomIn} size="header" tone="stage" tooltip="none"
        className={css['zoom']} onClick={() => setActual(!actual)} />
    </div>
  );
}
