// The words of the page around: navigation, sidebar, logging in and signing up, what all parts share (DESIGN §10.1, §13, §17.1–17.3).
import type { Refusal } from '../../state/actions.ts';
import type { Presence } from '../../state/model.ts';
import { duration, plural } from './format.en.ts';

// ---- shared --------------------------------------------------------------------------------------------------------------------------

export const product = 'Belfry';
export const close = 'Close';
export const cancel = 'Cancel';
export const clear = 'Clear';
export const reload = 'Reload';
export const broken = 'Something in this page broke.';
export const request = (id: string): string => `Request ${id}`;
export const counter = (used: string, limit: string): string => `${used} of ${limit}`;

// ---- navigation ----------------------------------------------------------------------------------------------------------------------

export const skip = 'Skip to content';
export const main = 'Main';
export const sidebar = 'Sidebar';
export const chats = 'Chats';
export const history = 'History';
export const settings = 'Settings';
export const profile = 'Profile';
export const account = 'Account';
export const logOut = 'Log out';
export const backToChats = 'Back to chats';
export const loading = 'Loading…';
export const unreadTotal = (count: number): string => `, ${plural(count, 'unread message', 'unread messages')}`;

// ---- sidebar -------------------------------------------------------------------------------------------------------------------------

export const searchLabel = 'Search people and messages';
export const searchResults = 'Search results';
export const searching = 'Searching…';
export const searchFailed = 'The search did not work. Try again in a moment.';
export const people = 'People';
export const groups = 'Groups';
export const messages = 'Messages';
export const newGroup = 'New group';
export const you = 'You';
export const someone = 'Someone';
export const typing = 'typing…';
export const isTyping = (name: string): string => `${name} is typing…`;
export const results = (count: number): string => `${plural(count, 'result', 'results')}.`;
export const muted = 'muted';
export const draft = (text: string): string => `Draft: ${text}`;
export const inCall = 'In a call';
export const callRuns = 'Call in progress';
export const unread = (count: number): string => plural(count, 'unread message', 'unread messages');
/** In a badge there is room for two figures. */
export const badge = (count: number): string => (count > 99 ? '99+' : String(count));
export const by = (sender: string, text: string): string => `${sender}: ${text}`;

export function presence(of: Presence): string {
  switch (of) {
    case 'online': return 'online';
    case 'away': return 'away';
    case 'busy': return 'in a call';
    case 'offline': return 'offline';
  }
}

export const empty = {
  chat: { title: 'It is quiet here.', text: 'Choose someone to write or call.' },
  people: { title: 'You are the first.', text: 'Others appear here when they sign up.', action: 'Copy the address' },
  search: (query: string): string => `Nothing found for “${query}”.`,
} as const;
export const copied = 'Copied.';
export const notCopied = (address: string): string => `The address could not be copied. It is ${address}`;

// ---- logging in and signing up -------------------------------------------------------------------------------------------------------

export const logIn = 'Log in';
export const signUp = 'Sign up';
export const createAccount = 'Create an account';
export const createYours = 'Create your account';
export const newHere = 'New here?';
export const haveAccount = 'Have an account?';
export const usernameOrEmail = 'Username or email';
export const username = 'Username';
export const displayName = 'Display name (optional)';
export const email = 'Email (optional)';
export const password = 'Password';
export const showPassword = 'Show password';
export const hidePassword = 'Hide password';
export const usernameHint = 'letters, digits, - and _';
export const passwordHint = '8 or more characters';
export const sessionEnded = 'You were logged out. Log in to go on.';

export const fault = {
  usernameTaken: 'This username is taken. Please choose another one.',
  usernameForm: 'Use letters, digits, - and _, at most 64.',
  usernameMissing: 'Choose a username.',
  nameMissing: 'Type your username or e-mail address.',
  nameLong: 'Use at most 64 characters.',
  passwordShort: 'Use at least 8 characters.',
  passwordLong: 'This password is too long. Use at most 128 characters.',
  passwordMissing: 'Type your password.',
  emailForm: 'This does not look like an e-mail address.',
  emailTaken: 'Another account uses this address.',
  logInInstead: 'Log in instead?',
} as const;

export const tooMany = { before: 'Too many tries. You can try again in ', after: '.', now: 'Too many tries. You can try again now.' } as const;

/** What a form says of a refusal as a whole; `left`: how many seconds until one may try again, if that is counted. */
export function refused(refusal: Refusal, left: number | null = null): string {
  switch (refusal.code) {
    case 'INVALID_CREDENTIALS': return 'That username and password do not belong together. Check both and try again.';
    case 'USERNAME_TAKEN': return fault.usernameTaken;
    case 'EMAIL_TAKEN': return fault.emailTaken;
    case 'USER_PENDING': return 'This account waits for an administrator.';
    case 'USER_INACTIVE': return 'This account is closed. Ask your administrator.';
    case 'RATE_LIMITED': return left === null ? 'Too many tries. Try again in a moment.' : `${tooMany.before}${duration(left)}${tooMany.after}`;
    case 'VALIDATION_FAILED': return 'Something in this form is not right. Check it and try again.';
    case 'NETWORK':
    case 'STORE_UNAVAILABLE':
    case 'DRAINING': return 'The server cannot be reached. Your entries are kept; try again in a moment.';
    default: return 'That did not work. Try again in a moment.';
  }
}

// ---- keyboard shortcuts --------------------------------------------------------------------------------------------------------------

export const shortcuts = {
  title: 'Keyboard shortcuts',
  groups: [
    ['Anywhere', [
      ['Ctrl+K', 'Search people and messages'],
      ['Alt+↑ / Alt+↓', 'Previous, next conversation'],
      ['Alt+Shift+↑ / ↓', 'Previous, next unread one'],
      ['F6 / Shift+F6', 'Next, previous area'],
      ['F8', 'Notifications'],
      ['?', 'This list'],
    ]],
    ['While it rings', [
      ['Ctrl+Alt+Enter', 'Accept as it was called'],
      ['Tab', 'To the buttons'],
    ]],
    ['In a call, anywhere', [
      ['Ctrl+D', 'Mute, unmute'],
      ['Ctrl+E', 'Camera on, off'],
    ]],
    ['On the call itself', [
      ['M', 'Mute, unmute'],
      ['Space, held', 'Talk while muted'],
      ['V', 'Camera on, off'],
      ['S', 'Share the screen, stop'],
      ['F', 'Full screen'],
      ['P', 'Picture-in-picture'],
      ['C', 'Chat'],
      ['Q', 'Call quality'],
      ['Ctrl+Shift+H', 'Hang up'],
      ['Esc', 'Leave full screen, minimise'],
    ]],
    ['In a chat', [
      ['Enter', 'Send'],
      ['Shift+Enter', 'New line'],
      ['↑ in an empty field', 'Edit the last own message'],
      ['Esc', 'Leave search, details, then the field'],
    ]],
    ['In messages and lists', [
      ['↑ / ↓', 'Previous, next'],
      ['Home / End', 'First, last'],
      ['Page Up / Page Down', 'A page on'],
    ]],
  ],
} as const;
