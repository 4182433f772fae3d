// What the stage can do besides speaking and hanging up, in the order of DESIGN §7.6. Buttons, keys and the menu `More` share this list.
import { Activity, Eye, type LucideIcon, Maximize, MessageSquare, Minimize, PictureInPicture2, SlidersHorizontal } from 'lucide-react';
import { callWords } from '../words/call.en.ts';
import type { FullScreen } from './useFullScreen.ts';
import type { Floating } from './useFloating.tsx';

export interface Panels {
  readonly quality: boolean;
  readonly chat: boolean;
  readonly selfHidden: boolean;
  toggle(panel: 'quality' | 'chat'): void;
  openDevices(): void;
  showSelf(): void;
}

export interface Extra {
  readonly key: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Of what opens something beside. */
  readonly expanded?: boolean;
  readonly act: () => void;
}

export function extrasOf(panels: Panels, full: FullScreen, floating: Floating, chats: boolean): readonly Extra[] {
  const all: (Extra | false)[] = [
    panels.selfHidden && { key: 'self', label: callWords.showSelf, icon: Eye, act: () => panels.showSelf() },
    { key: 'devices', label: callWords.devices, icon: SlidersHorizontal, act: () => panels.openDevices() },
    { key: 'quality', label: callWords.quality, icon: Activity, expanded: panels.quality, act: () => panels.toggle('quality') },
    full.can && {
      key: 'full', label: full.on ? callWords.exitFullScreen : callWords.fullScreen, icon: full.on ? Minimize : Maximize, act: () => full.toggle(),
    },
    floating.can && { key: 'floating', label: callWords.pictureInPicture, icon: PictureInPicture2, act: () => floating.toggle() },
    chats && {
      key: 'chat', label: panels.chat ? callWords.hideChat : callWords.showChat, icon: MessageSquare, expanded: panels.chat, act: () => panels.toggle('chat'),
    },
  ];
  return all.filter((extra) => extra !== false);
}
