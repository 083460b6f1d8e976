/** First in, first out, with shift in constant time however long it is. */
export class Queue<Value> {
  private items: Value[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  /** The oldest, left where it is. */
  get first(): Value | undefined {
    return this.items[this.head];
  }

  push(value: Value): void {
    this.items.push(value);
  }

  shift(): Value | undefined {
    if (this.head >= this.items.length) return undefined;
    const value = this.items[this.head];
    this.items[this.head++] = undefined as Value;
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return value;
  }

  /** Takes everything out. */
  drain(): Value[] {
    const left = this.items.slice(this.head);
    this.items = [];
    this.head = 0;
    return left;
  }
}
