// What a person can do, as functions: the only way from `ui/` to the wire and to media. app/client.ts makes them. None throws: what is
// refused is told by the state (a failed message, an ended call, a toast), or returned as a Refusal where a form shows it.
import type {
  CallId, CallType, ConversationId, EndReason, MediaKind, Message, Settings, State, ThemeSetting, UserId,
} from './model.ts';

/** Why the server refused, for a form: `ui/words.en.ts` has a sentence for each code (DESIGN §10.1). */
export interface Refusal {
  /** The server's code, such as `USERNAME_TAKEN`; `NETWORK`: it could not be reached. */
  readonly code: string;
  /** Which field is at fault, and how (`required`, `invalid`, `too_short` …); empty: the form as a whole. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
}

export type Done<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface SignUp {
  readonly username: string;
  readonly displayName: string;
  readonly email: string;
  readonly password: string;
}

export type HistoryFilter = 'all' | 'missed' | 'incoming' | 'outgoing';

export interface HistoryEntry {
  readonly id: CallId;
  readonly direction: 'incoming' | 'outgoing';
  /** The history's names: what `data-status` says. */
  readonly status: 'ended' | 'missed' | 'rejected' | 'connected' | 'calling';
  readonly endReason: EndReason | null;
  readonly type: CallType;
  readonly durationSeconds: number | null;
  readonly at: string;
  readonly otherId: UserId | null;
  readonly otherName: string;
  readonly otherAvatar: string | null;
  readonly conversationId: ConversationId | null;
  readonly group: boolean;
}

export interface HistoryPage {
  readonly calls: readonly HistoryEntry[];
  readonly next: string | null;
}

export type Period = '7d' | '30d' | 'all';

export interface Statistics {
  readonly totalCalls: number;
  readonly totalDuration: number;
  readonly averageDuration: number;
  readonly missedCalls: number;
  readonly rejectedCalls: number;
  readonly incoming: number;
  readonly outgoing: number;
  readonly audioCalls: number;
  readonly videoCalls: number;
  /** Days with calls, UTC, oldest first (`groupBy=day`): the bars of the history. */
  readonly days?: readonly { readonly day: string; readonly totalCalls: number }[];
}

export interface SessionActions {
  signUp(form: SignUp): Promise<Done<null>>;
  logIn(name: string, password: string): Promise<Done<null>>;
  logOut(): Promise<void>;
  saveProfile(displayName: string): Promise<Done<null>>;
  setPhoto(photo: Blob | null): Promise<Done<null>>;
  loadLogins(): Promise<void>;
  signOutLogin(id: string): Promise<void>;
  signOutElsewhere(): Promise<void>;
}

/** `missing`: it cannot be loaded. `left`: the conversation was left meanwhile, or is loading, so it is not looked for. */
export type Revealed = 'found' | 'missing' | 'left';

export interface ChatActions {
  /** The direct conversation with somebody; made if there is none. Null: refused, and a toast says why. */
  conversationWith(user: UserId): Promise<ConversationId | null>;
  /** What is on the screen now; null: none. Loads its newest page if it is not here. `missing`: it is not mine, or is gone. */
  show(conversation: ConversationId | null): Promise<'shown' | 'missing'>;
  loadOlder(conversation: ConversationId): Promise<void>;
  /** Tries the newest page again. */
  reload(conversation: ConversationId): Promise<void>;
  send(conversation: ConversationId, text: string, replyTo?: string): void;
  attach(conversation: ConversationId, file: File): void;
  cancelUpload(message: Message): void;
  retry(message: Message): void;
  /** Takes a failed message away. */
  discard(message: Message): void;
  edit(message: Message, text: string): Promise<boolean>;
  remove(message: Message): Promise<boolean>;
  setDraft(conversation: ConversationId, text: string): void;
  typed(conversation: ConversationId, typing: boolean): void;
  /** Everything up to `seq` was on a visible screen. */
  read(conversation: ConversationId, seq: number): void;
  search(query: string): void;
  searchIn(conversation: ConversationId, query: string): void;
  stepSearch(by: 1 | -1): void;
  endSearch(): void;
  /** Loads pages until the message is here. */
  reveal(conversation: ConversationId, seq: number): Promise<Revealed>;
  createGroup(title: string, members: readonly UserId[]): Promise<Done<ConversationId>>;
  renameGroup(conversation: ConversationId, title: string): Promise<Done<null>>;
  addMembers(conversation: ConversationId, users: readonly UserId[]): Promise<Done<null>>;
  removeMember(conversation: ConversationId, user: UserId): Promise<Done<null>>;
  leaveGroup(conversation: ConversationId): Promise<Done<null>>;
  mute(conversation: ConversationId, muted: boolean): Promise<void>;
  /** Of a group. */
  ringForCalls(conversation: ConversationId, ring: boolean): Promise<void>;
  block(user: UserId, blocked: boolean): Promise<void>;
}

export interface CallActions {
  startCall(conversation: ConversationId, type: CallType): void;
  /** From the history, a toast or an entry. */
  callUser(user: UserId, type: CallType): void;
  /** Joins the group call that runs in this conversation. */
  joinCall(conversation: ConversationId, type: CallType): void;
  accept(type: CallType): void;
  decline(): void;
  /** Cancels, hangs up or leaves, whichever fits the phase. */
  hangUp(): void;
  endForAll(): void;
  /** Puts the shown end away. */
  closeEnd(): void;
  callAgain(): void;
  setMuted(muted: boolean): void;
  setCamera(on: boolean): void;
  setScreen(on: boolean): void;
  retryMedia(kind: MediaKind): void;
  dismissMediaError(kind: MediaKind): void;
  chooseDevice(kind: 'camera' | 'microphone' | 'speaker', id: string | null): void;
  loadDevices(): Promise<void>;
  /** More samples while the panel is open. */
  watchQuality(open: boolean): void;
}

export interface PageActions {
  setTheme(theme: ThemeSetting): void;
  set(settings: Partial<Pick<Settings, 'ringHere' | 'ringtoneVolume' | 'doNotDisturb' | 'singleKeys'>>): void;
  setNotifications(on: boolean): Promise<void>;
  playRingtone(): void;
  playTestSound(): void;
  dismissToast(id: string): void;
  toast(kind: 'info' | 'error', text: string): void;
  /** Takes the new version. */
  reloadPage(): void;
  loadHistory(filter: HistoryFilter, after: string | null): Promise<Done<HistoryPage>>;
  loadStatistics(period: Period): Promise<Done<Statistics>>;
}

/** Live media, for `<video>` and `<audio>`: not in the state, because streams are no data. */
export interface Streams {
  /** Mine. Null: that is off. */
  own(kind: 'camera' | 'screen'): MediaStream | null;
  remote(user: UserId, kind: 'camera' | 'screen' | 'voice'): MediaStream | null;
  /** The picture and level of the device check, whether there is a call or not; stop() closes them. */
  preview(devices: { camera: boolean; microphone: boolean }): Preview;
  /** Loudness now, 0 to 1. */
  level(user: UserId | 'self'): number;
  /** Called when a stream came, went or was replaced. Returns how to stop that. */
  watch(changed: () => void): () => void;
}

export interface Preview {
  stream(): MediaStream | null;
  level(): number;
  watch(changed: () => void): () => void;
  stop(): void;
}

export type Actions = SessionActions & ChatActions & CallActions & PageActions;

/** The client as `ui/` has it. */
export interface Client {
  readonly getState: () => State;
  readonly subscribe: (changed: (state: State, before: State) => void) => () => void;
  readonly actions: Actions;
  readonly streams: Streams;
}
