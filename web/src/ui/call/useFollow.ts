// The address follows the call: to the stage when a call begins, to its name when it has one, to its conversation when its end has been shown.
// The focus comes back to where the call began.
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { Call, ConversationId, State, UserId } from '../../state/model.ts';
import { focusHeading } from '../focus.ts';
import { useBelfry, useGetState } from '../use.ts';

export const kStage = '/call/';

export const stagePath = (call: Pick<Call, 'id'>): string => `${kStage}${call.id ?? 'new'}`;

/** The call's conversation; of a direct call without a known one: that with the other. */
export function homeOf(state: State, call: { readonly conversationId: ConversationId | null; readonly otherId: UserId }): string {
  const known = call.conversationId ?? Object.values(state.conversations).find((each) => each.otherId === call.otherId)?.id;
  return known === undefined ? '/' : `/c/${known}`;
}

/** A call that was there when the page came: the page stays where it is. */
function isRestored(call: Call, rang: string | null): boolean {
  if (call.id === null || call.id === rang) return false;
  return 'userActivation' in navigator && !navigator.userActivation.isActive;
}

/** The same button as before, on a page that was made anew meanwhile. */
function sameAs(name: string | null): HTMLElement | null {
  if (!name) return null;
  const all = document.querySelectorAll<HTMLElement>('main button, main a[href]');
  return [...all].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === name) ?? null;
}

interface Began {
  readonly element: HTMLElement | null;
  readonly name: string | null;
}

function whereItBegan(): Began {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body || element instanceof HTMLDialogElement) return { element: null, name: null };
  return { element, name: element.getAttribute('aria-label') ?? element.textContent };
}

/** The page that comes may still be on its way. Meanwhile whoever moves the focus keeps it. */
const kFrames = 60;

function comeBack(began: Began, left = kFrames): void {
  const now = document.activeElement;
  if (document.querySelector('dialog:modal') || !(now === null || now === document.body || now instanceof HTMLHeadingElement)) return;
  const target = began.element?.isConnected ? began.element : sameAs(began.name);
  if (target) target.focus();
  else if (left > 0 && began.name) requestAnimationFrame(() => comeBack(began, left - 1));
  else if (!(now instanceof HTMLHeadingElement)) focusHeading();
}

export function useFollow(): void {
  const [path, go] = useLocation();
  const getState = useGetState();
  const call = useBelfry((state) => state.call);
  const rang = useBelfry((state) => state.incoming?.id ?? null);
  const before = useRef<Call | null>(null);
  const lastRang = useRef<string | null>(null);
  const began = useRef<Began>({ element: null, name: null });

  useEffect(() => { if (rang !== null) lastRang.current = rang; }, [rang]);
  useEffect(() => {
    const was = before.current;
    before.current = call;
    const onStage = path.startsWith(kStage);
    if (call) {
      const isNew = !was || (was.phase === 'ended' && call.phase !== 'ended');
      if (isNew) began.current = whereItBegan();
      const there = stagePath(call);
      if (isNew && !onStage && !isRestored(call, lastRang.current)) go(there);
      else if (onStage && path !== there) go(there, { replace: true });
    } else if (was && onStage) {
      go(homeOf(getState(), was), { replace: true });
      // After the page that comes now has taken the focus to its heading.
      const back = began.current;
      requestAnimationFrame(() => comeBack(back));
    }
  }, [call, path, go, getState]);
}
