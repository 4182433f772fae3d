// What <belfry-call> shows: made once, then changed in place. Its style is a constructed sheet, which a page's policy without inline styles
// allows.
import type { MediaView } from '../src/state/model.ts';
import { elementWords as words } from './words.en.ts';

const kStyle = `
:host { display: inline-block; font: 500 15px/20px system-ui, sans-serif; color: #261f19 }
:host([hidden]) { display: none }
button { font: inherit; min-height: 44px; padding: 0 16px; border: 1px solid #887e74; border-radius: 10px; background: #fefdfb; color: inherit; cursor: pointer }
button.call { border-color: transparent; background: #137060; color: #f9fdfa }
button.end { border-color: transparent; background: #c02c29; color: #fefbf9 }
button:focus-visible { outline: 3px solid #0e5caf; outline-offset: 2px }
button[hidden], .stage[hidden], video[hidden] { display: none }
.stage { position: relative; width: min(100vw, 480px); border-radius: 14px; background: #0a0f13; color: #f2f0ec; overflow: hidden }
video { display: block; width: 100%; aspect-ratio: 16 / 10; object-fit: contain }
video.own { position: absolute; top: 12px; right: 12px; width: 28%; border-radius: 10px; object-fit: cover; transform: scaleX(-1) }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 12px }
.bar [role="status"] { flex: 1 1 100% }
.stage button { background: #1f252b; color: inherit; border-color: transparent }
.stage button.end { background: #c02c29 }
.note { margin: 8px 0 0 }
.note:empty { display: none }
`;

export interface Pressed {
  call(): void;
  end(): void;
  mute(): void;
  camera(): void;
}

export interface Shown {
  /** The name on the button. */
  readonly label: string;
  readonly busy: boolean;
  /** Null: there is no call, and the button stands. */
  readonly status: string | null;
  readonly ringing: boolean;
  readonly ended: boolean;
  readonly media: MediaView;
  /** Beside the button: why the last call was not possible. */
  readonly note: string;
}

export interface Pictures {
  readonly own: MediaStream | null;
  readonly remote: MediaStream | null;
  readonly voice: MediaStream | null;
}

function button(press: () => void, name: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = name;
  made.addEventListener('click', press);
  return made;
}

function put(player: HTMLMediaElement, stream: MediaStream | null): void {
  player.hidden = stream === null;
  if (player.srcObject === stream) return;
  player.srcObject = stream;
  if (stream) void player.play().catch(() => undefined);
}

export class ElementView {
  readonly #call: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #camera: HTMLButtonElement;
  readonly #stage = document.createElement('div');
  readonly #status = document.createElement('div');
  readonly #note = document.createElement('p');
  readonly #own = document.createElement('video');
  readonly #remote = document.createElement('video');
  readonly #voice = document.createElement('audio');

  constructor(root: ShadowRoot, pressed: Pressed) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(kStyle);
    root.adoptedStyleSheets = [sheet];
    this.#call = button(() => pressed.call(), 'call');
    this.#end = button(() => pressed.end(), 'end');
    this.#mute = button(() => pressed.mute(), 'mute');
    this.#camera = button(() => pressed.camera(), 'camera');
    this.#stage.className = 'stage';
    this.#status.setAttribute('role', 'status');
    this.#status.setAttribute('part', 'status');
    this.#note.className = 'note';
    this.#note.setAttribute('role', 'alert');
    this.#own.className = 'own';
    this.#own.muted = true;
    for (const picture of [this.#own, this.#remote]) picture.playsInline = true;
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.append(this.#status, this.#mute, this.#camera, this.#end);
    this.#stage.append(this.#remote, this.#own, this.#voice, bar);
    root.append(this.#call, this.#note, this.#stage);
  }

  show({ label, busy, status, ringing, ended, media, note }: Shown): void {
    this.#call.textContent = label;
    this.#call.hidden = status !== null;
    this.#call.setAttribute('aria-busy', String(busy));
    this.#note.textContent = note;
    this.#stage.hidden = status === null;
    // Written only when it changes: a screen reader reads each writing aloud.
    if (this.#status.textContent !== (status ?? '')) this.#status.textContent = status ?? '';
    this.#mute.textContent = media.muted ? words.unmute : words.mute;
    this.#camera.textContent = media.camera ? words.cameraOff : words.cameraOn;
    this.#end.textContent = ringing ? words.cancel : words.hangUp;
    for (const control of [this.#mute, this.#camera, this.#end]) control.hidden = ended;
  }

  showPictures({ own, remote, voice }: Pictures): void {
    put(this.#own, own);
    put(this.#remote, remote);
    put(this.#voice, voice);
  }
}
