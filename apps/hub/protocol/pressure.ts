/** Bytes that may wait for the disk before connections stop reading. */
const HIGH_BYTES = 32 * 1024 * 1024;

/** Counts what producers sent and the disk has not taken yet, so that memory stays bounded when the disk is slow. */
export class Pressure {
  #bytes = 0;
  #waiting: Array<() => void> = [];

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes > HIGH_BYTES / 2) return;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  get high(): boolean {
    return this.#bytes > HIGH_BYTES;
  }

  /** Calls `resume` once the disk has caught up. */
  wait(resume: () => void): void {
    this.#waiting.push(resume);
  }
}
