// What the client knows, as data: no React, no clock, no socket. The reducers beside this file change it, `ui/` shows it. Ids are the
// server's UUIDs, times its ISO 8601 strings, durations whole seconds unless the name says otherwise.

export type UserId = string;
export type ConversationId = string;
export type CallId = string;

// ---- people --------------------------------------------------------------------------------------------------------------------------

/** SPEC 2.11 S7. `busy` is shown as "in a call". */
export type Presence = 'online' | 'away' | 'busy' | 'offline';

export interface Person {
  readonly id: UserId;
  readonly username: string;
  /** The display name, or the username of who has none. */
  readonly name: string;
  readonly avatar: string;
  readonly presence: Presence;
  readonly lastSeenAt: string | null;
  /** That I block them. */
  readonly blocked: boolean;
}

export interface Me {
  readonly id: UserId;
  readonly username: string;
  /** As typed; null: none is set, and `username` is shown. */
  readonly displayName: string | null;
  readonly email: string | null;
  readonly avatar: string;
}

/** One of my logins, as `GET /api/auth/sessions` lists them. */
export interface Login {
  readonly id: string;
  readonly current: boolean;
  /** Such as `Chrome on Linux`. */
  readonly device: string;
  readonly lastSeenAt: string;
}

// ---- conversations and messages ------------------------------------------------------------------------------------------------------

export type Role = 'owner' | 'admin' | 'member';

export interface Member {
  readonly userId: UserId;
  readonly role: Role;
  readonly readUpToSeq: number;
  readonly deliveredUpToSeq: number;
}

/** What I set for myself in a conversation: SPEC S19, J-1.5. */
export interface Membership {
  readonly mutedUntil?: string | null;
  readonly callsRing?: boolean;
}

export interface Conversation {
  readonly id: ConversationId;
  readonly kind: 'direct' | 'group';
  /** Of a group. */
  readonly title: string | null;
  readonly avatar: string | null;
  readonly members: readonly Member[];
  /** The other one of a direct conversation; null for a group. */
  readonly otherId: UserId | null;
  readonly lastMessage: Message | null;
  readonly unread: number;
  /** A group call that runs now, which I may join. */
  readonly activeCallId: CallId | null;
  /** Who is in that call, as far as it is known. */
  readonly activeCallPeople?: readonly UserId[] | undefined;
  /** Its messages are not announced before (SPEC S19). Null: not muted; undefined: an event that does not tell it. state/muting.ts reads it. */
  readonly mutedUntil?: string | null | undefined;
  /** Of a group: whether its calls ring me. */
  readonly callsRing: boolean;
  /** What I set for myself and the server has not confirmed yet: it is shown instead. */
  readonly wanted?: Membership | undefined;
  /** When something last happened in it: the order of the sidebar. */
  readonly activeAt: string;
}

export interface Attachment {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbnailUrl: string | null;
}

/** The end of a call, as it stands in its conversation. Its words depend on the reader: `ui/words.en.ts`. */
export interface CallEntry {
  readonly id: CallId;
  readonly type: CallType;
  readonly outcome: 'ended' | 'missed' | 'rejected';
  readonly endReason: EndReason | null;
  readonly durationSeconds: number;
}

/** Of an own message: only ever further to the right, but for `failed`. `received`: somebody else's. DESIGN §17.4. */
export type MessageState = 'sending' | 'failed' | 'sent' | 'delivered' | 'read' | 'received';

export interface Upload {
  readonly name: string;
  readonly bytes: number;
  /** 0 to 1; null: not known yet. */
  readonly progress: number | null;
}

export interface Message {
  /** Until the server gave it an id: the client's. */
  readonly id: string;
  readonly clientId: string | null;
  readonly conversationId: ConversationId;
  readonly seq: number | null;
  readonly senderId: UserId;
  readonly kind: 'text' | 'file' | 'system' | 'call';
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly call: CallEntry | null;
  readonly replyTo: string | null;
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly state: MessageState;
  /** A file on its way to the server. */
  readonly upload: Upload | null;
}

/** The messages of one conversation that are here: one run without a gap, oldest first, what waits to be sent at its end. */
export interface Thread {
  readonly messages: readonly Message[];
  readonly phase: 'unloaded' | 'loading' | 'ready' | 'failed';
  readonly older: 'idle' | 'loading' | 'failed' | 'none-left';
  /** The first message that was unread when the conversation was opened: where `New messages` stands. */
  readonly firstUnreadSeq: number | null;
}

export interface SearchHit {
  readonly message: Message;
  readonly snippet: string;
}

export interface Search {
  readonly query: string;
  readonly phase: 'idle' | 'searching' | 'done' | 'failed';
  readonly people: readonly UserId[];
  readonly hits: readonly SearchHit[];
}

/** `Search in conversation`. */
export interface ThreadSearch {
  /** What the hits are of; empty before the first answer. */
  readonly query: string;
  readonly hits: readonly SearchHit[];
  readonly at: number;
}

// ---- calls ---------------------------------------------------------------------------------------------------------------------------

export type CallType = 'audio' | 'video';

/** What `data-end-reason` may say: DESIGN §17.5. */
export type EndReason = 'hangup' | 'declined' | 'busy' | 'timeout' | 'cancelled' | 'unreachable' | 'answered_elsewhere' | 'declined_elsewhere' |
  'connection_lost' | 'media_failed' | 'kicked' | 'max_duration' | 'server_restart' | 'superseded' | 'failed';

export type CallPhase = 'outgoing' | 'connecting' | 'in-call' | 'reconnecting' | 'ended';
export type RingProgress = 'created' | 'pushed' | 'woken' | 'ringing' | 'unreachable';
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';
export type MediaKind = 'camera' | 'microphone' | 'screen' | 'speaker';

/** Somebody else in my call. */
export interface Participant {
  readonly userId: UserId;
  readonly connection: 'connecting' | 'connected' | 'reconnecting';
  readonly muted: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  readonly speaking: boolean;
}

/** The call that I am in, or whose end is still shown. The phases are those of DESIGN §9. */
export interface Call {
  readonly phase: CallPhase;
  /** Null until the server named it. */
  readonly id: CallId | null;
  readonly conversationId: ConversationId | null;
  readonly type: CallType;
  readonly role: 'caller' | 'callee';
  readonly group: boolean;
  /** Whom I call or who called me; of a group call, who started it. */
  readonly otherId: UserId;
  readonly progress: RingProgress;
  readonly startedAt: string | null;
  readonly endReason: EndReason | null;
  /** The finer word where `endReason` folds several: `admin`, `token_revoked`, `user_deactivated`, or an error code such as `CALLER_BUSY`. */
  readonly endDetail: string | null;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
  readonly durationSeconds: number | null;
  /** Of `reconnecting`: mine, else the other's. */
  readonly reconnectingMine: boolean;
  /** 10 s accepted and no media yet. */
  readonly slow: boolean;
  readonly participants: readonly Participant[];
  readonly activeSpeaker: UserId | null;
  /** I started it, or am in it for longest since they left: `End call for all`. */
  readonly host: boolean;
}

export interface Incoming {
  readonly id: CallId;
  readonly conversationId: ConversationId | null;
  readonly type: CallType;
  readonly group: boolean;
  readonly callerId: UserId;
  readonly expiresAt: string;
  /** The browser holds back the ringtone until somebody clicks. */
  readonly soundBlocked: boolean;
}

/** DESIGN §11. `name` is that of the `DOMException`, and `permission` what the Permissions API said when it came. */
export interface MediaError {
  readonly kind: MediaKind;
  readonly name: string;
  readonly permission: 'denied' | 'prompt' | 'granted' | 'unknown';
  /** `by-system`: the message names the system. `unplugged`: the track ended. */
  readonly detail: 'none' | 'by-system' | 'unplugged';
  /** What is used now instead, if anything. */
  readonly replacement: string | null;
  /** What was unplugged. */
  readonly device?: string;
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

/** My own media. The streams themselves are in `media/`: `Media.streams` of app/client.ts. */
export interface MediaView {
  readonly muted: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** The browser asks for permission now (DESIGN §10.6). */
  readonly asking: boolean;
  readonly degraded: 'no-camera' | 'no-microphone' | 'listen-only' | null;
  readonly errors: readonly MediaError[];
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
  readonly chosen: { readonly camera: string | null; readonly microphone: string | null; readonly speaker: string | null };
}

export interface QualitySample {
  readonly at: number;
  readonly rttMs: number | null;
  readonly lossPercent: number | null;
  readonly jitterMs: number | null;
  readonly bitrateKbps: number | null;
  readonly resolution: string | null;
  readonly path: string | null;
}

export interface CallQuality {
  readonly level: Quality;
  /** Poor for 10 s: the stage says so. */
  readonly warn: boolean;
  /** Why it is not good. */
  readonly cause: 'none' | 'loss' | 'rtt' | 'jitter' | 'their-side';
  /** The last 60 s, oldest first. */
  readonly samples: readonly QualitySample[];
}

// ---- the page around -----------------------------------------------------------------------------------------------------------------

export type AppPhase = 'starting' | 'signed-out' | 'ready';
export type ConnectionState = 'online' | 'connecting' | 'offline';
export type Sound = 'none' | 'ringtone' | 'ringback' | 'blocked';
export type ThemeSetting = 'system' | 'light' | 'dark';

export type Toast = { readonly id: string } & (
  | { readonly kind: 'message'; readonly conversationId: ConversationId; readonly senderId: UserId; readonly text: string }
  | { readonly kind: 'missed-call'; readonly conversationId: ConversationId | null; readonly callerId: UserId; readonly type: CallType }
  /** `Ring even when this tab is closed?` */
  | { readonly kind: 'notifications-offer' }
  /** `announced`: a screen reader hears it anyhow. */
  | { readonly kind: 'info' | 'error'; readonly text: string; readonly announced?: boolean });

export interface Settings {
  readonly theme: ThemeSetting;
  readonly ringHere: boolean;
  readonly ringtoneVolume: number;
  readonly doNotDisturb: boolean;
  readonly singleKeys: boolean;
  /** What the browser says of Web Push here. */
  readonly notifications: 'off' | 'on' | 'denied' | 'unsupported' | 'asking';
}

/** Everything that is shown. One store holds it; a slice that did not change is the same object. */
export interface State {
  readonly app: AppPhase;
  readonly connection: ConnectionState;
  /** `Back online.` is shown for a moment. */
  readonly back: boolean;
  readonly newVersion: boolean;
  /** Why one was logged out, told once on /login. */
  readonly sessionEnded: boolean;
  readonly me: Me | null;
  readonly people: Readonly<Record<UserId, Person>>;
  readonly conversations: Readonly<Record<ConversationId, Conversation>>;
  readonly threads: Readonly<Record<ConversationId, Thread>>;
  /** Who types where, in the order in which they began. */
  readonly typing: Readonly<Record<ConversationId, readonly UserId[]>>;
  readonly drafts: Readonly<Record<ConversationId, string>>;
  /** The conversation that is on the screen. */
  readonly open: ConversationId | null;
  readonly search: Search;
  readonly threadSearch: ThreadSearch | null;
  readonly call: Call | null;
  readonly incoming: Incoming | null;
  readonly media: MediaView;
  readonly quality: CallQuality;
  readonly sound: Sound;
  readonly toasts: readonly Toast[];
  readonly settings: Settings;
  readonly logins: readonly Login[];
  /** The largest file that the server takes. */
  readonly maxFileBytes: number;
}
