// The words of history, settings, profile and the page that is not there (DESIGN §7.11, §17.6). Only `pages/` imports them, so they come with
// its chunk.
import type { HistoryEntry, HistoryFilter, Period } from '../../state/actions.ts';
import type { Settings, ThemeSetting } from '../../state/model.ts';
import { chatWords } from './chat.en.ts';
import { dayName, number, plural } from './format.en.ts';

const capital = ({ type }: HistoryEntry): string => (type === 'video' ? 'Video' : 'Audio');

/** How a call went, as its reader sees it; the words of its entry in the chat, and more where the history knows more. */
function outcome(entry: HistoryEntry): string {
  const { status, endReason, direction, type } = entry;
  const mine = direction === 'outgoing';
  switch (status) {
    case 'calling':
      return `${capital(entry)} call, ringing`;
    case 'connected':
      return `${capital(entry)} call, going on`;
    case 'rejected':
      if (endReason === 'busy') return mine ? `${capital(entry)} call, busy` : `Missed ${type} call, you were in a call`;
      break;
    case 'missed':
      if (mine && endReason === 'unreachable') return `${capital(entry)} call, not reached`;
      break;
    case 'ended':
      break;
  }
  return chatWords.callEntry({ id: entry.id, type, outcome: status, endReason, durationSeconds: entry.durationSeconds ?? 0 }, mine);
}

const kDirections = { incoming: 'Incoming', outgoing: 'Outgoing' } as const satisfies Record<HistoryEntry['direction'], string>;

export const pageWords = {
  history: {
    title: 'Call history',
    show: 'Show',
    filters: { all: 'All', missed: 'Missed', incoming: 'Incoming', outgoing: 'Outgoing' } satisfies Record<HistoryFilter, string>,
    calls: 'Calls',
    outcome,
    direction: kDirections,
    someone: 'Someone',
    callBack: 'Call back',
    inACall: 'You are in a call.',
    loadMore: 'Load more',
    loading: 'Loading calls…',
    failed: 'The calls could not be loaded.',
    tryAgain: 'Try again',
    none: 'No calls yet.',
    noneMore: 'Every call you make or miss is kept here.',
    noneFor: {
      missed: 'You have missed no call.', incoming: 'Nobody has called you.', outgoing: 'You have called nobody.',
    } satisfies Record<Exclude<HistoryFilter, 'all'>, string>,
  },
  statistics: {
    title: 'Statistics',
    period: 'Period',
    periods: { '7d': 'Last 7 days', '30d': 'Last 30 days', all: 'All time' } satisfies Record<Period, string>,
    calls: 'Calls',
    duration: 'In calls',
    average: 'Average',
    missed: 'Missed',
    rejected: 'Declined',
    incoming: 'Incoming',
    outgoing: 'Outgoing',
    audio: 'Audio',
    video: 'Video',
    failed: 'The statistics could not be loaded.',
    lastDays: (days: number): string => `Last ${number(days)} days`,
    /** What the bars show, for who does not see them. */
    bars: (days: number, total: number, most: { readonly day: string; readonly calls: number } | null, now: number): string => {
      const sum = `${plural(total, 'call', 'calls')} in the last ${number(days)} days`;
      return most ? `${sum}, most of them ${dayName(`${most.day}T12:00:00`, now)} (${number(most.calls)})` : sum;
    },
  },
  settings: {
    title: 'Settings',
    sections: 'Sections',
    devices: 'Devices',
    checkDevices: 'Check devices',
    devicesHint: 'Devices are opened in calls and while you check them, at no other time.',
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' } satisfies Record<ThemeSetting, string>,
    notifications: 'Notifications',
    push: 'Notifications on this device',
    pushHint: {
      off: 'Rings and tells of messages when this page is closed.',
      on: 'Rings and tells of messages when this page is closed.',
      asking: 'Your browser asks. Choose Allow.',
      denied: 'The browser blocks notifications of this site. Allow them beside the address, then try again.',
      unsupported: 'This browser cannot notify you when the page is closed.',
    } satisfies Record<Settings['notifications'], string>,
    ringHere: 'Ring in this browser',
    doNotDisturb: 'Do not disturb on this device',
    doNotDisturbHint: 'No sound. A call shows as a small notice.',
    singleKeys: 'Single-key shortcuts',
    singleKeysHint: 'In a call: M mutes, V turns the camera off, and so on. Press ? for all.',
    volume: 'Ringtone volume',
    volumeIs: (volume: number): string => `${number(Math.round(volume * 100))} %`,
    playRingtone: 'Play ringtone',
    sessions: 'Sessions',
    sessionsHint: 'Where you are logged in.',
    thisOne: 'this one',
    active: (when: string): string => `active ${when}`,
    signOut: 'Sign out',
    signOutElsewhere: 'Sign out everywhere else',
  },
  profile: {
    title: 'Profile',
    photo: 'Photo',
    choosePhoto: 'Choose photo',
    removePhoto: 'Remove photo',
    noPhoto: 'You have no photo.',
    displayName: 'Display name',
    displayNameHint: 'What others see. Empty: your username.',
    username: 'Username',
    email: 'Email',
    save: 'Save',
    saved: 'Saved.',
    logOut: 'Log out',
    tooBig: (file: string, size: string): string => `${file} is too big; the limit is ${size}.`,
    wrongKind: 'Choose a picture: PNG, JPEG or WebP.',
  },
  notFound: {
    page: 'Page not found',
    pageMore: 'There is nothing at this address.',
    thing: 'Not found',
    conversationMore: 'This conversation is not yours, or it is gone.',
    callMore: 'This call is not yours, or it is over.',
    back: 'Back to chats',
  },
};
