// One line above the pane while the server is away, when it is back, and when a new version waits.
import { Check, RefreshCw, WifiOff } from 'lucide-react';
import type { State } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { useActions, useBelfry } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import css from './Banner.module.css';

export type BannerKind = 'offline' | 'connecting' | 'back' | 'update';

/** What matters most now; null: nothing. */
export function bannerOf(state: State): BannerKind | null {
  if (state.app === 'signed-out') return null;
  if (state.connection === 'offline') return 'offline';
  // The socket may stand while the rest is still on its way.
  if (state.connection === 'connecting' || state.app === 'starting') return 'connecting';
  if (state.back) return 'back';
  return state.newVersion ? 'update' : null;
}

const kIcons = { offline: WifiOff, connecting: RefreshCw, back: Check, update: RefreshCw } as const;
const kWords = { offline: chatWords.offline, connecting: chatWords.connecting, back: chatWords.back, update: chatWords.newVersion } as const;

export function Banner() {
  const actions = useActions();
  const kind = useBelfry(bannerOf);
  if (!kind) return null;
  const Icon = kIcons[kind];
  return (
    <div className={cx(css['banner'], css[kind])} data-banner={kind} role="status" aria-live="off">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" focusable="false" />
      <p>{kWords[kind]}</p>
      {kind === 'update' && <Button kind="quiet" size="small" onClick={() => actions.reloadPage()}>{chatWords.reload}</Button>}
    </div>
  );
}
