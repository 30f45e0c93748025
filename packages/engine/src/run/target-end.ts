/** How the work of a step ended. */
export interface TargetEnd {
  readonly succeeded: boolean;
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** Set when a step inside it was cut short by a cancel. */
  readonly cancelled?: boolean;
}
