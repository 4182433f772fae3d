// Listeners by the name of an event, with the type of what each name tells.
export class Emitter<Events> {
  readonly #listeners: { [N in keyof Events]?: Set<(event: Events[N]) => void> } = {};

  on<N extends keyof Events>(name: N, heard: (event: Events[N]) => void): () => void {
    const all = (this.#listeners[name] ??= new Set());
    all.add(heard);
    return () => void all.delete(heard);
  }

  emit<N extends keyof Events>(name: N, event: Events[N]): void {
    for (const heard of [...(this.#listeners[name] ?? [])]) heard(event);
  }
}
