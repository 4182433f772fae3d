// The words of chats, toasts, announcements and banners (DESIGN §10.2, §10.3, §12). No sentence of them stands elsewhere.
import type { CallEntry, CallType, MessageState, Presence } from '../../state/model.ts';
import { duration, fileSize, names, number, plural } from './format.en.ts';

const kTypes = { audio: 'audio', video: 'video' } as const satisfies Record<CallType, string>;
const capital = (type: CallType): string => (type === 'video' ? 'Video' : 'Audio');

const kStates = {
  sending: 'sending', sent: 'sent', delivered: 'delivered', read: 'read', failed: 'not sent', received: '',
} as const satisfies Record<MessageState, string>;

/** The caller hung up, or was gone. */
const kGivenUp: readonly CallEntry['endReason'][] = ['cancelled', 'hangup', 'connection_lost'];

/** The entry of a call, as its reader sees it (SPEC S13): `mine` tells that the reader called. */
function callEntry(call: CallEntry, mine: boolean): string {
  const type = kTypes[call.type];
  switch (call.outcome) {
    case 'ended':
      return `${capital(call.type)} call · ${duration(call.durationSeconds)}`;
    case 'rejected':
      return `Declined ${type} call`;
    case 'missed':
      if (!mine) return `Missed ${type} call`;
      return kGivenUp.includes(call.endReason) ? `Cancelled ${type} call` : `${capital(call.type)} call, no answer`;
  }
}

/** The server's line about a group, as a sentence: `Ann added Ben` to `Ann added Ben.` */
const systemEntry = (line: string): string =>
  line.replace(/ named the group "(.*)"$/u, ' renamed the group to “$1”').replace(/[^.!?…]$/u, '$&.');

function typing(who: readonly string[]): string {
  const [first, second] = who;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing…`;
  return who.length === 2 ? `${first} and ${second} are typing…` : 'Several people are typing…';
}

export const chatWords = {
  // header
  audioCall: 'Audio call',
  videoCall: 'Video call',
  joinCall: 'Join call',
  inACall: 'You are in a call.',
  searchHere: 'Search in conversation',
  details: 'Conversation details',
  backToChats: 'Back to chats',
  presence: { online: 'online', away: 'away', busy: 'in a call', offline: 'offline' } satisfies Record<Presence, string>,
  lastSeen: (when: string): string => `last seen ${when}`,
  members: (count: number): string => plural(count, 'member', 'members'),
  joined: (count: number): string => `${plural(count, 'person is', 'people are')} in this call`,

  // messages
  messages: 'Messages',
  you: 'You',
  someone: 'Someone',
  state: kStates,
  edited: 'edited',
  deletedText: 'Message deleted',
  newMessages: 'New messages',
  jumpToLatest: 'Jump to latest',
  newBelow: (count: number): string => plural(count, 'new message', 'new messages'),
  showAll: 'Show all',
  beginning: (name: string): string => `This is the beginning of your chat with ${name}.`,
  groupBeginning: (name: string): string => `This is the beginning of ${name}.`,
  loadingOlder: 'Loading older messages…',
  loading: 'Loading messages…',
  olderFailed: 'Older messages could not be loaded.',
  loadFailed: 'The messages could not be loaded.',
  tryAgain: 'Try again',
  delete: 'Delete',
  notSent: 'Not sent.',
  callBack: 'Call back',
  callAgain: 'Call again',
  callEntry,
  systemEntry,
  replyTo: (name: string): string => `Reply to ${name}`,
  replyGone: 'The message is not here.',
  noMessages: (name: string): string => `No messages with ${name} yet.`,
  noGroupMessages: (name: string): string => `No messages in ${name} yet.`,
  sayHello: 'Say hello, or call: both work without the other.',
  uploading: (file: string): string => `Uploading ${file}`,
  cancelUpload: 'Cancel upload',
  waiting: 'Waiting for the connection',
  download: (file: string): string => `Download ${file}`,
  openPicture: (file: string): string => `Open ${file}`,
  readBy: (who: readonly string[]): string => `Read by ${names(who)}`,
  file: 'File',
  fileSize,

  // menu of a message
  messageMenu: 'Message actions',
  edit: 'Edit',
  reply: 'Reply',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'The browser did not let this page copy.',
  deleteQuestion: 'Delete this message?',
  deleteConsequence: 'It will be deleted for everybody.',
  deleteFailed: 'The message could not be deleted.',
  editFailed: 'The message could not be changed.',
  reachFailed: 'That message could not be loaded.',

  // composer
  message: 'Message',
  send: 'Send',
  save: 'Save',
  attach: 'Attach a file',
  attachment: 'Attachment',
  dropHere: 'Drop the files to send them.',
  editing: 'Editing a message',
  stopEditing: 'Stop editing',
  replying: (name: string): string => `Reply to ${name}`,
  stopReplying: 'Do not reply',
  counter: (length: number, limit: number): string => `${number(length)} of ${number(limit)}`,
  tooLong: (limit: number): string => `This is longer than ${number(limit)} characters.`,
  fileTooBig: (file: string, bytes: number, limit: number): string => `${file} is ${fileSize(bytes)}; the limit is ${fileSize(limit)}.`,
  /** `reason`: the server's sentence, which knows its limit; empty if something in between refused. */
  fileRefused: (file: string, reason: string): string => `${file} is too big.${reason && ` ${reason}.`}`,
  fileEmpty: (file: string): string => `${file} is empty.`,
  youBlock: (name: string): string => `You block ${name}. Unblock them to write.`,
  youLeft: 'You left this group.',
  removed: 'You are no longer in this group.',
  typing,

  // search in a conversation
  searchBox: 'Search in this conversation',
  previousResult: 'Previous result',
  nextResult: 'Next result',
  closeSearch: 'Close search',
  resultAt: (at: number, of: number): string => `${number(at)} of ${number(of)}`,
  nothingFound: 'Nothing found.',
  results: (count: number): string => `${plural(count, 'result', 'results')}.`,

  // details
  closeDetails: 'Close details',
  membersTitle: (count: number): string => `Members (${number(count)})`,
  membersList: 'Members',
  groupName: 'Group name',
  rename: 'Rename',
  renamed: 'Saved.',
  addPeople: 'Add people',
  add: 'Add',
  nobodyToAdd: 'There is nobody else to add.',
  remove: (name: string): string => `Remove ${name}`,
  leave: 'Leave',
  leaveGroup: 'Leave group',
  leaveQuestion: 'Leave this group?',
  leaveConsequence: 'You will not get its messages any more.',
  leaveFailed: 'You could not leave this group. Try again in a moment.',
  role: { owner: 'owner', admin: 'admin', member: '' },
  cancel: 'Cancel',
  block: (name: string): string => `Block ${name}`,
  unblock: (name: string): string => `Unblock ${name}`,
  notifications: 'Notifications',
  muted: 'Muted',
  mutedHint: 'Its messages are not announced. Calls ring all the same.',
  callsRing: 'Calls ring',
  callsRingHint: 'If off, you can still join a call of this group.',
  sharedFiles: 'Shared files',
  readUpTo: (read: readonly string[], delivered: readonly string[]): string => [
    read.length > 0 ? `Read by ${names(read)}.` : '', delivered.length > 0 ? `Delivered to ${names(delivered)}.` : '',
  ].filter(Boolean).join(' '),
  lastOwn: 'Your last message',
  nobodyYet: 'Not delivered to anybody yet.',

  // new group
  newGroup: 'New group',
  searchPeople: 'Search people',
  chosen: (count: number): string => `${number(count)} chosen`,
  createGroup: 'Create group',
  needsName: 'Give the group a name.',
  needsMember: 'Choose at least one person.',
  nobodyHere: 'There is nobody else to add.',
  nobodyFound: (query: string): string => `Nothing found for “${query}”.`,

  // toasts and banner
  toasts: 'Notifications (F8)',
  toastMessage: (who: string, text: string): string => `${who}: ${text}`,
  missedCall: (who: string): string => `Missed call from ${who}.`,
  openChat: 'Open chat',
  offerNotifications: 'Ring even when this tab is closed?',
  turnOn: 'Turn on',
  no: 'No',
  dismiss: 'Dismiss',
  offline: 'You are offline. Messages will be sent when you are back.',
  connecting: 'Connecting…',
  back: 'Back online.',
  newVersion: 'A new version is ready.',
  unreachable: 'The server cannot be reached. Try again in a moment.',
  reload: 'Reload',

  // announcements (DESIGN §12)
  say: {
    message: (who: string, text: string): string => `${who}: ${text}`,
    messages: (count: number): string => `${plural(count, 'new message', 'new messages')}.`,
    messageElsewhere: (who: string): string => `New message from ${who}.`,
    notSent: 'Message not sent.',
    offline: 'You are offline.',
    back: 'Back online.',
    file: (name: string): string => `File: ${name}`,
  },
};
