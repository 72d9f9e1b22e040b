/** Lets one loop sleep until somebody rings; rings while it is awake are not lost and count once. */
export class WakeUp {
  private rung = false;
  private resolve: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.resolve?.();
  }

  async wait(): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
      });
      this.resolve = undefined;
    }
    this.rung = false;
  }
}
