// On narrow stages: what does not fit beside the microphone and the camera, as a list of buttons over the controls.
import { MoreHorizontal, ScreenShare, ScreenShareOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useActions, useBelfry } from '../use.ts';
import { callWords } from '../words/call.en.ts';
import type { Extra } from './actionsOf.ts';
import { canShareScreen } from './capabilities.ts';
import css from './Controls.module.css';

export function MoreMenu({ extras }: { readonly extras: readonly Extra[] }) {
  const [open, setOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const screen = useBelfry((state) => state.media.screen);
  const actions = useActions();

  useEffect(() => {
    if (!open) return undefined;
    around.current?.querySelector<HTMLElement>('[data-part="more"] button')?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setOpen(false);
      opener.current?.focus();
    };
    window.addEventListener('pointerdown', outside);
    window.addEventListener('keydown', escape, true);
    return () => {
      window.removeEventListener('pointerdown', outside);
      window.removeEventListener('keydown', escape, true);
    };
  }, [open]);

  const choose = (act: () => void) => () => {
    setOpen(false);
    opener.current?.focus();
    act();
  };
  return (
    <div ref={around} className={css['around']}>
      <IconButton ref={opener} label={callWords.more} icon={MoreHorizontal} size="stage" aria-expanded={open}
        tooltip={open ? 'none' : undefined} onClick={() => setOpen(!open)} />
      {open && (
        <div data-part="more" className={css['more']}>
          {canShareScreen() && (
            <Button kind="quiet" wide data-control="screen" data-on={screen} icon={screen ? <ScreenShareOff size={20} /> : <ScreenShare size={20} />}
              onClick={choose(() => actions.setScreen(!screen))}>{screen ? callWords.stopSharing : callWords.shareScreen}</Button>
          )}
          {extras.map(({ key, label, icon: Drawn, act }) => (
            <Button key={key} kind="quiet" wide icon={<Drawn size={20} strokeWidth={1.75} />} onClick={choose(act)}>{label}</Button>
          ))}
        </div>
      )}
    </div>
  );
}
