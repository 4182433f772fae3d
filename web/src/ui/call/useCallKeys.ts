// The keys of a call (DESIGN §13). Single keys act on the stage only, never in a field, never with a button focused, and can be turned off.
import { useEffect, useRef } from 'react';
import type { Call } from '../../state/model.ts';
import { useActions, useGetState } from '../use.ts';
import { canShareScreen } from './capabilities.ts';

export interface CallKeys {
  readonly call: Call;
  readonly stage: boolean;
  minimise(): void;
  toggleFullScreen(): void;
  toggleFloating(): void;
  toggle(panel: 'quality' | 'chat'): void;
  /** Something of the stage that Escape closes first. True: it did. */
  closeTop(): boolean;
}

const kFields = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
const inField = (target: EventTarget | null): boolean => target instanceof Element && target.closest(kFields) !== null;
const onButton = (target: EventTarget | null): boolean => target instanceof Element && target.closest('button, a[href], [role="button"]') !== null;
const inDialog = (): boolean => document.querySelector('dialog:modal') !== null;

export function useCallKeys(keys: CallKeys): void {
  const actions = useActions();
  const getState = useGetState();
  const latest = useRef(keys);
  useEffect(() => { latest.current = keys; });

  useEffect(() => {
    let talking = false;
    const muted = () => getState().media.muted;
    const toggleMute = () => actions.setMuted(!muted());
    const toggleCamera = () => actions.setCamera(!getState().media.camera);
    const quiet = () => {
      if (talking) actions.setMuted(true);
      talking = false;
    };

    const chord = (event: KeyboardEvent): boolean => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
      const key = event.key.toLowerCase();
      if (!event.shiftKey && key === 'd') toggleMute();
      else if (!event.shiftKey && key === 'e') toggleCamera();
      else if (event.shiftKey && key === 'h' && latest.current.stage) actions.hangUp();
      else return false;
      return true;
    };
    const single = (event: KeyboardEvent): boolean => {
      if (!getState().settings.singleKeys || event.repeat) return false;
      switch (event.key.toLowerCase()) {
        case 'm': toggleMute(); return true;
        case 'v': toggleCamera(); return true;
        case 's':
          if (canShareScreen()) actions.setScreen(!getState().media.screen);
          return true;
        case 'f': latest.current.toggleFullScreen(); return true;
        case 'p': latest.current.toggleFloating(); return true;
        case 'c': latest.current.toggle('chat'); return true;
        case 'q': latest.current.toggle('quality'); return true;
        case ' ':
          if (!muted()) return false;
          talking = true;
          actions.setMuted(false);
          return true;
        default: return false;
      }
    };
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inDialog() || latest.current.call.phase === 'ended') return;
      if (chord(event)) event.preventDefault();
      else if (!latest.current.stage || event.ctrlKey || event.metaKey || event.altKey) return;
      else if (event.key === ' ' && talking) event.preventDefault();
      else if (event.key === 'Escape') escape(event);
      else if (!inField(event.target) && !onButton(event.target) && single(event)) event.preventDefault();
    };
    const escape = (event: KeyboardEvent) => {
      if (inField(event.target) || document.fullscreenElement) return;
      if (!latest.current.closeTop()) latest.current.minimise();
      event.preventDefault();
    };
    const up = (event: KeyboardEvent) => { if (event.key === ' ') quiet(); };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', quiet);
    return () => {
      quiet();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', quiet);
    };
  }, [actions, getState]);
}
