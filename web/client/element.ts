// <belfry-call server="https://call.example" token="…" user="ann" type="video">: a button that calls somebody, and the call in its place. It
// connects when it is pressed for the first time, and asks for camera and microphone only then. What happens is told by the events
// `belfry-call` ({phase}) and `belfry-ended` ({endReason, durationSeconds}), which bubble out of it.
import type { Call, CallType, UserId } from '../src/state/model.ts';
import { kEmpty } from '../src/state/store.ts';
import { callWords } from '../src/ui/words/call.en.ts';
import { connect, ConnectError } from './connect.ts';
import type { Belfry, Options } from './connect.ts';
import { ElementView } from './element_view.ts';
import { elementWords as words } from './words.en.ts';

export class BelfryCall extends HTMLElement {
  static readonly observedAttributes = ['user', 'type', 'label', 'server', 'token'];
  readonly #view: ElementView;
  #belfry: Belfry | null = null;
  #other: { readonly id: UserId; readonly name: string } | null = null;
  #busy = false;
  #note = '';
  #stops: (() => void)[] = [];
  #tick: ReturnType<typeof setInterval> | null = null;
  // Grows with each address and each removal: what was begun for an earlier one must not go on.
  #visit = 0;

  constructor() {
    super();
    this.#view = new ElementView(this.attachShadow({ mode: 'open' }), {
      call: () => void this.call(),
      end: () => this.#belfry?.actions.hangUp(),
      mute: () => this.#belfry?.actions.setMuted(!this.#belfry.getState().media.muted),
      camera: () => this.#belfry?.actions.setCamera(!this.#belfry.getState().media.camera),
    });
  }

  connectedCallback(): void {
    this.#render();
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === 'server' || name === 'token') this.#close();
    if (name === 'user' || name === 'server') this.#other = null;
    this.#render();
  }

  get #type(): CallType {
    return this.getAttribute('type') === 'audio' ? 'audio' : 'video';
  }

  get #user(): string {
    return this.getAttribute('user') ?? '';
  }

  /** What the button does. */
  async call(): Promise<void> {
    if (this.#busy || this.#belfry?.getState().call) return;
    const visit = this.#visit;
    this.#busy = true;
    this.#note = '';
    this.#render();
    const note = await this.#begin(visit);
    if (visit !== this.#visit) return;
    this.#busy = false;
    this.#note = note;
    this.#render();
  }

  /** Why it did not begin; empty: it did. */
  async #begin(visit: number): Promise<string> {
    try {
      const belfry = this.#belfry ?? (await connect(this.#options()));
      if (visit !== this.#visit) {
        belfry.close();
        return '';
      }
      if (this.#belfry === null) this.#follow(belfry);
      const found = this.#other ?? (await belfry.find(this.#user));
      if (!found) return words.nobody(this.#user);
      this.#other = found;
      belfry.actions.callUser(found.id, this.#type);
      return '';
    } catch (failure) {
      return failure instanceof ConnectError && failure.code !== 'NETWORK' ? words.refused : words.unreachable;
    }
  }

  #options(): Options {
    const server = this.getAttribute('server');
    const token = this.getAttribute('token');
    // Who is called here is called elsewhere too: this page has no dialog for it.
    return { chat: false, ring: false, ...(server === null ? {} : { server }), ...(token === null ? {} : { token }) };
  }

  #follow(belfry: Belfry): void {
    this.#belfry = belfry;
    const pictures = (): void => this.#showPictures(belfry);
    this.#stops = [
      belfry.subscribe(() => this.#render()),
      belfry.streams.watch(pictures),
      belfry.on('call', (call) => {
        this.#tell('belfry-call', { phase: call?.phase ?? null });
        pictures();
      }),
      belfry.on('ended', (call) => this.#tell('belfry-ended', { endReason: call.endReason, durationSeconds: call.durationSeconds })),
      // The next press connects anew, with the token that the page has by then.
      belfry.on('refused', () => this.#close()),
    ];
  }

  #close(): void {
    ++this.#visit;
    this.#busy = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#belfry?.close();
    this.#belfry = null;
    this.#render();
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #showPictures({ streams }: Belfry): void {
    const other = this.#other?.id ?? '';
    this.#view.showPictures({ own: streams.own('camera'), remote: streams.remote(other, 'camera'), voice: streams.remote(other, 'voice') });
  }

  /** The timer of a call, once a second as long as there is one. */
  #keepTime(call: Call | null): void {
    const runs = call?.phase === 'in-call';
    if (runs && this.#tick === null) this.#tick = setInterval(() => this.#render(), 1000);
    if (runs || this.#tick === null) return;
    clearInterval(this.#tick);
    this.#tick = null;
  }

  #render(): void {
    const state = this.#belfry?.getState() ?? null;
    const call = state?.call ?? null;
    const name = this.#other?.name ?? this.#user;
    this.#keepTime(call);
    if (!state) this.#view.showPictures({ own: null, remote: null, voice: null });
    this.#view.show({
      label: this.#busy && !call ? words.connecting : this.getAttribute('label') ?? words.call(this.#type, name),
      busy: this.#busy,
      status: call && callWords.statusText(call, name, Date.now()),
      ringing: call?.phase === 'outgoing',
      ended: call?.phase === 'ended',
      media: (state ?? kEmpty).media,
      note: this.#note,
    });
  }
}

if (!customElements.get('belfry-call')) customElements.define('belfry-call', BelfryCall);
