// A value that changes as a whole and tells who listens.

export class Store<S extends object> {
  readonly #listeners = new Set<() => void>();

  constructor(public state: S) {}

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
